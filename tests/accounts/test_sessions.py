from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.browsers import browser
from ganeti_webmgr.accounts.models import User, UserSession
from ganeti_webmgr.accounts.sessions import open_sessions
from ganeti_webmgr.accounts.tasks import forget_sessions
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.celery import app
from ganeti_webmgr.live.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def signs_in(address: str, user_agent: str) -> Client:
    """Charlie's browser there, in which he typed his password."""
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=user_agent)
    client.post("/sign-in/", {"login": "charlie", "password": "charlies-password"})
    return client


@pytest.fixture
def laptop(charlie: User) -> Client:
    return signs_in("192.0.2.7", FIREFOX)


@pytest.fixture
def phone(charlie: User) -> Client:
    return signs_in("198.51.100.24", SAFARI)


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(client: Client) -> bool:
    answer = client.get("/me/sessions/")
    assert answer.status_code == 200 or answer.headers["Location"].startswith("/sign-in/")
    return answer.status_code == 200


def test_a_person_sees_where_he_is_signed_in_and_nobody_else(
    laptop: Client, phone: Client, by_alice: Client
) -> None:
    page = laptop.get("/me/sessions/").content.decode()
    assert re.search(r"Firefox on Linux <span class=\"mini\">this one", page)
    assert "Safari on iPhone" in page
    assert "198.51.100.24 · since" in page
    assert "Firefox" not in by_alice.get("/me/sessions/").content.decode()


def test_no_page_shows_what_would_let_one_in(laptop: Client, phone: Client) -> None:
    page = laptop.get("/me/sessions/").content.decode()
    assert key_of(phone) not in page
    assert key_of(laptop) not in page


def test_one_session_is_ended_and_the_others_go_on(charlie: User, laptop: Client, phone: Client) -> None:
    there = UserSession.objects.get(session_key=key_of(phone))
    laptop.post(f"/me/sessions/{there.public_id}/-/end/")
    assert (is_signed_in(phone), is_signed_in(laptop)) == (False, True)
    event = Event.objects.get(action="session.ended")
    assert event.before == {"browser": "Safari on iPhone", "address": "198.51.100.24"}
    assert Notice.objects.filter(topic=f"user:{charlie.pk}").exists()


def test_all_others_are_ended_at_once(charlie: User, laptop: Client, phone: Client) -> None:
    tablet = signs_in("203.0.113.8", SAFARI)
    Notice.objects.all().delete()
    laptop.post("/me/sessions/-/end-others/")
    assert [is_signed_in(client) for client in (laptop, phone, tablet)] == [True, False, False]
    assert Notice.objects.filter(topic=f"user:{charlie.pk}").exists()


def test_nobody_ends_the_session_of_another(laptop: Client, by_alice: Client) -> None:
    session = UserSession.objects.get(session_key=key_of(laptop))
    assert by_alice.post(f"/me/sessions/{session.public_id}/-/end/").status_code == 404
    assert laptop.post(f"/me/sessions/{session.public_id}/-/end/").status_code == 404  # that is signing out
    assert is_signed_in(laptop)


def test_a_new_password_keeps_this_session_under_another_key_and_ends_the_others(
    charlie: User, laptop: Client, phone: Client
) -> None:
    before, new = key_of(laptop), "a much longer secret"
    typed = {"old_password": "charlies-password", "new_password1": new, "new_password2": new}
    laptop.post("/me/password/", typed)
    assert key_of(laptop) != before
    (session,) = open_sessions(charlie)
    assert (session.session_key, session.browser) == (key_of(laptop), "Firefox on Linux")
    assert (is_signed_in(laptop), is_signed_in(phone)) == (True, False)


def test_signing_out_leaves_no_session(charlie: User, laptop: Client) -> None:
    laptop.post("/sign-out/")
    assert not open_sessions(charlie).exists()


def test_a_session_that_goes_on_elsewhere_shows_its_last_address(charlie: User, laptop: Client) -> None:
    laptop.get("/me/", REMOTE_ADDR="203.0.113.9")
    assert open_sessions(charlie).get().address == "203.0.113.9"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36", "Chrome on macOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_browsers_have_names_that_people_know(user_agent: str, name: str) -> None:
    assert browser(user_agent) == name


def test_sessions_that_have_ended_are_cleared_away_and_others_are_not(laptop: Client, phone: Client) -> None:
    UserSession.objects.filter(session_key=key_of(phone)).update(expire_date=timezone.now())
    forget_sessions()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [key_of(laptop)]
    assert is_signed_in(laptop)


def test_all_that_the_clock_rings_for_is_there_to_be_done() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
