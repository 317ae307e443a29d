"""The screen of a real machine in a real browser, through the real proxy."""

from __future__ import annotations

import base64
import os
import re
import signal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site
from tests.real.labs import Lab
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.real]

MACHINE = "vm1.lab1.ganeti.test"
A_WORD = 60  # pixels, fewer than any word has and more than a cursor
PAGE = f"/vms/lab1/{MACHINE}/-/console/"


def picture(page: Page) -> bytes:
    """What the canvas shows now."""
    data = page.evaluate("() => document.querySelector('[data-screen] canvas').toDataURL('image/png')")
    return base64.b64decode(data.partition(",")[2])


def ink(page: Page) -> int:
    """Bright pixels below the guest's clock, where it shows what is typed: from the eighth of 25 lines on."""
    return int(
        page.evaluate(
            """() => {
              const canvas = document.querySelector('[data-screen] canvas');
              const top = Math.round(canvas.height * 0.28);
              const pen = canvas.getContext('2d');
              const { data } = pen.getImageData(0, top, canvas.width, canvas.height - top);
              return data.filter((value, place) => place % 4 === 1 && value > 100).length;
            }"""
        )
    )


def connected(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("Connected", timeout=30_000)
    until(lambda: page.evaluate("() => document.querySelector('[data-screen] canvas')?.width > 100"))


def clock_goes_on(page: Page) -> None:
    before = picture(page)
    until(lambda: picture(page) != before)


@pytest.fixture(scope="module", autouse=True)
def fresh(lab1: Lab) -> None:
    """An empty screen, without what was typed in earlier runs."""
    lab1.command("gnt-instance", "startup", MACHINE)
    lab1.command("gnt-instance", "reboot", "--type=hard", "--shutdown-timeout=1", MACHINE)


@pytest.fixture
def console(site: Site, lab1: Lab, page: Page) -> Page:
    """Its console, open in the administrator's browser."""
    lab1.command("gnt-instance", "startup", MACHINE)
    site.manage("synccluster", "lab1")
    site.sign_in(page, path=PAGE)
    connected(page)
    return page


def test_the_clock_advances_and_what_is_typed_appears(console: Page) -> None:
    clock_goes_on(console)
    before = ink(console)
    console.locator("[data-screen] canvas").click()
    console.keyboard.type("hello")
    until(lambda: ink(console) > before + A_WORD)
    before = ink(console)
    console.get_by_role("button", name="Paste text").click()
    console.get_by_label("Text", exact=True).fill("Taste-1")
    console.get_by_role("button", name="Type it").click()
    until(lambda: ink(console) > before + A_WORD)


def test_who_watches_sees_the_clock_and_his_keys_never_reach_the_guest(site: Site, console: Page) -> None:
    watching = console.context.new_page()
    watching.goto(f"{site.url}{PAGE}?mode=watch")
    connected(watching)
    clock_goes_on(watching)
    before = ink(watching)
    watching.evaluate("() => document.querySelector('[data-screen] canvas').focus()")
    watching.keyboard.type("nothing of this")
    # The guest's clock has gone on twice since: what was typed before that would have been drawn.
    clock_goes_on(watching)
    clock_goes_on(watching)
    assert abs(ink(watching) - before) < A_WORD  # its cursor blinks
    watching.close()


def test_a_restart_from_the_toolbar_is_followed_by_the_screen_again(console: Page, lab1: Lab) -> None:
    console.on("dialog", lambda dialog: dialog.accept())
    console.get_by_text("Power", exact=True).click()
    console.get_by_role("button", name="Restart").click()
    expect(console.locator("[data-status]")).not_to_contain_text("Connected", timeout=60_000)
    connected(console)
    clock_goes_on(console)
    assert "running" in lab1.command("gnt-instance", "list", "--no-headers", "-o", "status", MACHINE)


def test_a_proxy_that_is_killed_is_started_again_and_the_page_comes_back(site: Site, console: Page) -> None:
    os.kill(site.process("consoleproxy"), signal.SIGKILL)
    expect(console.locator("[data-status]")).not_to_contain_text("Connected")
    expect(console.locator("[data-said]")).to_contain_text("The console service does not answer")
    connected(console)
    clock_goes_on(console)


def test_it_is_ended_from_the_list_with_a_reason(site: Site, console: Page, browser: Browser) -> None:
    other = browser.new_context(viewport={"width": 1440, "height": 900})
    desk = other.new_page()
    site.sign_in(desk, path="/consoles/")
    row = desk.get_by_role("row").filter(has_text="vm1")
    row.first.get_by_role("checkbox").check()
    desk.get_by_label("Reason, shown to them").fill("maintenance")
    desk.get_by_role("button", name="End the chosen ones").click()
    said = console.locator("[data-said]")
    expect(said).to_contain_text("Ended by an administrator", timeout=6_000)
    expect(said).to_contain_text("maintenance")
    other.close()


def test_off_it_offers_start_and_connects_by_itself(site: Site, lab1: Lab, console: Page) -> None:
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)
    said = console.locator("[data-said]")
    expect(said).to_contain_text(re.compile("closed its screen|does not run"), timeout=20_000)
    start = console.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_visible(timeout=30_000)
    start.click()
    connected(console)


def test_checkconsole_says_the_same_in_a_shell(site: Site, lab1: Lab) -> None:
    lab1.command("gnt-instance", "startup", MACHINE)
    site.manage("synccluster", "lab1")
    assert "A browser can be connected to it." in site.manage("checkconsole", MACHINE)


def test_the_serial_line_is_shown_where_the_site_reaches_its_socket(
    site: Site, lab1: Lab, page: Page
) -> None:
    site.sign_in(page, path="/vms/lab1/vm2.lab1.ganeti.test/-/console/?kind=serial")
    expect(page.locator("[data-status]")).to_contain_text("Connected", timeout=30_000)
    screen = page.locator(".xterm-rows")
    expect(screen).to_contain_text(re.compile(r"\S"), timeout=20_000)
    page.keyboard.type("nnn", delay=300)
    # Behind its clock, which overwrites the line where it stands.
    expect(screen).to_contain_text(re.compile(r"up \d+ s +n"), timeout=10_000)
