from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User


@pytest.fixture
def browser(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("alice"))
    return client


def test_a_theme_is_kept_for_this_browser_and_leads_back(browser: Client) -> None:
    response = browser.post("/theme/", {"theme": "dark", "next": "/jobs/?q=web"})
    assert (response.status_code, response["Location"]) == (302, "/jobs/?q=web")
    assert response.cookies["theme"].value == "dark"


def test_somebody_who_is_not_signed_in_has_a_theme_too(db: None) -> None:
    assert Client().post("/theme/", {"theme": "dark"}).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_to_no_other_site(browser: Client, elsewhere: str) -> None:
    assert browser.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("odd", ["pink", "", "dark; Path=/x"])
def test_a_theme_that_there_is_not_is_declined(browser: Client, odd: str) -> None:
    response = browser.post("/theme/", {"theme": odd})
    assert response.status_code == 400
    assert "theme" not in response.cookies


def test_looking_does_not_change_the_theme(browser: Client) -> None:
    assert browser.get("/theme/").status_code == 405
