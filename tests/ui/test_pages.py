from __future__ import annotations

from typing import Any

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from ganeti_webmgr import urls
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.refusal import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def sample(request: HttpRequest) -> HttpResponse:
    messages.success(request, "web1 started, 4 s")
    context = {"title": "Not <b>now</b>", "reason": "Wait & see.", "topics": "vm:7 cluster:3"}
    return pages.page(request, "refused.html", context, status=409)


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal("This machine is locked.")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [*urls.urlpatterns, path("sample/", sample), path("refuse/", refuse), path("broken/", broken)]


@pytest.fixture
def browser() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("alice"))
    return client


def fetch(client: Client, address: str, **headers: str) -> tuple[Any, str]:
    response = client.get(address, headers=headers)
    return response, response.content.decode()


def test_a_browser_gets_the_page_in_its_frame(browser: Client) -> None:
    response, page = fetch(browser, "/sample/")
    assert response.status_code == 409
    assert page.startswith("<!doctype html>")
    assert "<title>Not &lt;b&gt;now&lt;/b&gt; · Ganeti Web Manager</title>" in page
    assert 'hx-get="/sample/" hx-trigger="live"' in page
    assert 'data-live="vm:7 cluster:3"' in page
    assert "Wait &amp; see." in page


def test_htmx_gets_what_stands_in_main_with_the_title_and_the_toasts(browser: Client) -> None:
    response, fragment = fetch(browser, "/sample/", **{"HX-Request": "true"})
    assert response.status_code == 409
    assert fragment.startswith("<title>Not &lt;b&gt;now&lt;/b&gt; · Ganeti Web Manager</title>")
    assert "Wait &amp; see." in fragment
    assert "<main" not in fragment
    assert '<div id="toasts" hx-swap-oob="beforeend">' in fragment
    assert "web1 started, 4 s" in fragment


def test_a_fragment_is_never_kept_as_the_page(browser: Client) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        assert "HX-Request" in fetch(browser, "/sample/", **headers)[0]["Vary"]


def test_a_refusal_is_a_page_with_its_reason(browser: Client) -> None:
    response, page = fetch(browser, "/refuse/")
    assert response.status_code == 400
    assert "This machine is locked." in page


def test_the_section_where_one_is_is_marked(browser: Client) -> None:
    page = fetch(browser, "/jobs/")[1]
    assert page.count('aria-current="page"') == 1
    assert 'href="/jobs/" title="Jobs" aria-current="page"' in page


def test_a_page_that_does_not_exist_keeps_the_frame(browser: Client) -> None:
    response, page = fetch(browser, "/nowhere/<script>/")
    assert response.status_code == 404
    assert "Nothing here under that name" in page
    assert "<script>/" not in page
    assert 'aria-label="Main"' in page


def test_a_stranger_meets_no_frame() -> None:
    response, page = fetch(Client(), "/sign-in/")
    assert response.status_code == 200
    assert 'autocomplete="current-password"' in page
    assert 'aria-label="Main"' not in page


def test_a_broken_page_says_so_and_shows_no_traceback(browser: Client) -> None:
    response, page = fetch(browser, "/broken/")
    assert response.status_code == 500
    assert "The fault is on our side" in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", "dark"), ("light", "light"), ('"><script>', "auto"), (None, "auto")]
)
def test_the_theme_of_the_cookie_is_written_into_the_page(theme: str | None, shown: str) -> None:
    client = Client()
    if theme:
        client.cookies["theme"] = theme
    assert f'data-theme="{shown}"' in fetch(client, "/sign-in/")[1]


def test_a_request_without_a_session_can_be_answered(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.resolver_match = None
    assert b"Not now" in pages.page(request, "refused.html", {"title": "Not now", "reason": ""}).content
