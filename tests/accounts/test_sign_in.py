from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

PRIVATE = ["/", "/vms/", "/jobs/", "/clusters/", "/nodes/", "/vms/a/b/", "/me/password/"]


@pytest.mark.parametrize("path", PRIVATE)
def test_a_stranger_is_led_to_the_door_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in/?next={path}"


def test_who_signs_in_comes_where_he_wanted(client: Client, alice: User) -> None:
    answer = client.post(
        "/sign-in/?next=/jobs/", {"login": "alice", "password": "alices-password", "next": "/jobs/"}
    )
    assert answer.headers["Location"] == "/jobs/"


def test_nobody_is_led_to_another_site(client: Client, alice: User) -> None:
    typed = {"login": "alice", "password": "alices-password", "next": "https://evil.example.org/"}
    assert client.post("/sign-in/", typed).headers["Location"] == "/"


def test_a_wrong_password_is_told_without_telling_who_exists(client: Client, alice: User) -> None:
    def page(login: str) -> str:
        answer = client.post("/sign-in/", {"login": login, "password": "wrong"})
        assert answer.status_code == 200
        return answer.content.decode().replace(login, "")

    assert "wrong" not in page("alice")
    messages = [page(login).count("not correct") for login in ("alice", "nobody")]
    assert messages[0] == messages[1] > 0


def test_guessing_is_slowed_down(client: Client, alice: User) -> None:
    for _ in range(6):
        answer = client.post("/sign-in/", {"login": "alice", "password": "wrong"})
    assert "Too many failed" in answer.content.decode()


def test_while_it_is_slowed_down_even_the_right_password_is_refused_from_everywhere(
    client: Client, alice: User, charlie: User
) -> None:
    for _ in range(5):
        client.post("/sign-in/", {"login": "alice", "password": "wrong"})
    right = {"login": "alice", "password": "alices-password"}
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    for browser in (client, elsewhere):
        assert "even the right password is refused" in browser.post("/sign-in/", right).content.decode()
    other = {"login": "charlie", "password": "charlies-password"}
    assert client.post("/sign-in/", other).status_code == 302


def test_behind_a_proxy_it_is_not_the_proxy_that_is_slowed_down(alice: User, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for number in range(20):
        typed = {"login": f"guess {number}", "password": "wrong"}
        Client(headers={"X-Forwarded-For": "192.0.2.7"}).post("/sign-in/", typed)
    right = {"login": "alice", "password": "alices-password"}
    answers = [
        Client(headers={"X-Forwarded-For": address}).post("/sign-in/", right).status_code
        for address in ("192.0.2.7", "192.0.2.8")
    ]
    assert answers == [200, 302]


def test_signing_out_takes_a_button_and_ends_the_session(by_alice: Client) -> None:
    assert by_alice.get("/sign-out/").status_code == 200
    assert by_alice.get("/vms/").status_code == 200
    by_alice.post("/sign-out/")
    assert by_alice.get("/vms/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/sign-up/").status_code in {302, 404}
    assert not User.objects.exists()


def test_the_first_administrator_gets_a_password_for_one_time(client: Client) -> None:
    out = io.StringIO()
    call_command("ensureadmin", stdout=out)
    password = out.getvalue().strip()
    client.post("/sign-in/", {"login": "admin", "password": password})
    assert client.get("/vms/").headers["Location"] == "/me/password/"
    new = "a much longer secret"
    client.post("/me/password/", {"old_password": password, "new_password1": new, "new_password2": new})
    assert client.get("/vms/").status_code == 200
    again = io.StringIO()
    call_command("ensureadmin", stdout=again)
    assert again.getvalue() == ""


def test_a_new_password_that_is_too_simple_is_refused_in_words(by_alice: Client) -> None:
    typed = {"old_password": "alices-password", "new_password1": "12345", "new_password2": "12345"}
    answer = by_alice.post("/me/password/", typed)
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()


def test_the_answer_carries_a_strict_policy(by_alice: Client) -> None:
    policy = by_alice.get("/vms/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_record_begins_with_the_first_administrator_and_who_made_him(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    out = io.StringIO()
    call_command("ensureadmin", stdout=out)
    event = Event.objects.get()
    assert (event.action, event.actor_name) == ("person.created", "root on the command line")
    assert (event.target_name, event.person_id) == ("admin", User.objects.get().pk)
    assert event.after == {"username": "admin", "is_superuser": True}
    assert out.getvalue().strip() not in str(Event.objects.values())
    call_command("ensureadmin", stdout=out)
    assert Event.objects.count() == 1
