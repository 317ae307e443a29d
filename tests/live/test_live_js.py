"""live.js in a real browser, on a small page of its own, with the event stream of a real web process."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.live import publish
from tests.live.scene import person, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

    from tests.live.scene import Site

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HEADERS = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'"}
DOCUMENT = """<!doctype html><title>Things</title>
<meta name="htmx-config" content='{"includeIndicatorCSS": false}'>
<script src="/static/vendor/htmx/htmx.min.js" defer></script>
<script type="module" src="/static/js/live.js"></script>
<main data-live="thing:1" hx-get="/main" hx-trigger="live" hx-swap="innerMorph">as loaded</main>
<aside data-live="thing:2" hx-get="/aside" hx-trigger="live" hx-swap="innerMorph">as loaded</aside>"""


class Things:
    """A page with two parts, each of which says how often it was fetched."""

    def __init__(self, page: Page, *, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.answer = "{name} {count}"
        self.streams: list[Request] = []
        self.complaints: list[str] = []
        self._fetched: Counter[str] = Counter()
        page.route(f"{origin}/", self._document)
        page.route(f"{origin}/static/**", self._static)
        page.route(f"{origin}/main", self._part)
        page.route(f"{origin}/aside", self._part)
        page.on("request", self._note_stream)
        page.on("console", self._note_complaint)

    def open(self) -> None:
        with self.page.expect_request("**/events/**"):
            self.page.goto(f"{self.origin}/")

    def show(self, part: str, text: str) -> None:
        expect(self.page.locator(part)).to_have_text(text)

    def hide(self, hidden: bool) -> None:
        self.page.evaluate(
            """hidden => {
                Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
                document.dispatchEvent(new Event("visibilitychange"));
            }""",
            hidden,
        )

    def _note_stream(self, request: Request) -> None:
        if "/events/" in request.url:
            self.streams.append(request)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _document(self, route: Route) -> None:
        route.fulfill(body=DOCUMENT, headers=HEADERS, content_type="text/html")

    def _static(self, route: Route) -> None:
        route.fulfill(path=BASE_DIR / route.request.url.removeprefix(f"{self.origin}/"))

    def _part(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        self._fetched[name] += 1
        route.fulfill(body=self.answer.format(name=name, count=self._fetched[name]), content_type="text/html")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, where Django would refuse to work.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def things(site: Site, chromium: Browser) -> Iterator[Things]:
    """The page, not opened yet, in the browser of somebody who sees the things 1 to 3."""
    session = sign_in(person("alice", 1, 2, 3))
    origin = f"http://127.0.0.1:{site.port}"
    with chromium.new_context() as context:
        context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": origin}])
        page = context.new_page()
        page.clock.install()
        yield Things(page, origin=origin)


def test_what_shows_a_change_is_fetched_again_and_nothing_else(things: Things) -> None:
    things.open()
    publish("thing:1")
    things.show("main", "main 1")
    publish("thing:1")
    things.page.clock.run_for(1000)
    things.show("main", "main 2")
    things.show("aside", "as loaded")
    assert (len(things.streams), things.complaints) == (1, [])


def test_a_part_hears_of_what_it_came_to_show(things: Things) -> None:
    things.answer = '{name} {count}<span data-live="thing:3"></span>'
    things.open()
    with things.page.expect_request("**/events/?topics=thing:1,thing:2,thing:3&*"):
        publish("thing:1")
    things.page.clock.run_for(1000)
    publish("thing:3")
    things.show("main", "main 2")
    things.show("aside", "as loaded")


def test_a_hidden_page_lets_go_and_is_refreshed_when_it_is_seen(things: Things) -> None:
    things.open()
    with things.page.expect_event("requestfailed", lambda request: request == things.streams[0]):
        things.hide(True)
    things.page.clock.run_for(60_000)
    things.show("main", "as loaded")
    with things.page.expect_request("**/events/**"):
        things.hide(False)
    things.show("main", "main 1")
    things.show("aside", "aside 1")


def test_without_a_stream_everything_is_fetched_every_ten_seconds(things: Things) -> None:
    things.page.route("**/events/**", lambda route: route.fulfill(status=503))
    things.open()
    for count in (1, 2):
        things.page.clock.run_for(10_000)
        things.show("main", f"main {count}")
        things.show("aside", f"aside {count}")
    assert len(things.streams) == 1
    things.page.unroute("**/events/**")
    with things.page.expect_request("**/events/**"):
        things.page.clock.run_for(60_000)


def test_who_is_not_signed_in_asks_once_for_a_stream(things: Things) -> None:
    things.page.context.clear_cookies()
    with things.page.expect_response("**/events/**") as answer:
        things.open()
    assert answer.value.status == 204
    for count in (1, 2, 3):
        things.page.clock.run_for(10_000)
        things.show("main", f"main {count}")
    assert len(things.streams) == 1
