from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.tasks import send_reset_link
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.celery import app
from tests.estate import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

NEW = "a much longer secret"


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> Iterator[None]:
    """A site that can send mail, whose worker does at once what it is told."""
    settings.CAN_SEND_MAIL = True
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def charlie(charlie: User) -> User:
    charlie.email = "Charlie@example.org"
    charlie.save()
    return charlie


def ask(client: Client, address: str = "charlie@example.org") -> Any:
    return client.post("/password/reset/", {"email": address})


def link() -> str:
    """The path of the link in the mail that came last."""
    found = re.search(r"http://testserver(/password/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def use(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else path
    return client.post(where, {"new_password1": password, "new_password2": password})


def test_a_link_comes_to_the_address_of_the_account_and_works_once(client: Client, charlie: User) -> None:
    ask(client)
    (letter,) = mail.outbox
    assert letter.to == ["Charlie@example.org"]
    assert use(client, link()).headers["Location"] == "/sign-in/"
    charlie.refresh_from_db()
    assert charlie.check_password(NEW)
    again = Client().get(link(), follow=True).content.decode()
    assert "does not work any more" in again
    event = Event.objects.get(action="person.password-changed")
    assert (event.person_id, event.after) == (charlie.pk, {"through": "a link sent by mail"})


def test_it_replaces_a_temporary_password_and_ends_all_sessions(client: Client, charlie: User) -> None:
    charlie.password_is_temporary = True
    charlie.save()
    elsewhere = signed_in(charlie)
    ask(client)
    use(client, link())
    assert elsewhere.get("/me/").headers["Location"].startswith("/sign-in/")
    charlie.refresh_from_db()
    assert not charlie.password_is_temporary


def test_the_answer_never_tells_whether_there_is_such_a_person(client: Client, charlie: User) -> None:
    answers = [ask(client, address) for address in ("charlie@example.org", "nobody@example.org")]
    pages = [client.get(answer.headers["Location"]).content for answer in answers]
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1


def test_no_link_is_sent_for_an_account_that_is_switched_off(client: Client, charlie: User) -> None:
    charlie.is_active = False
    charlie.save()
    ask(client)
    assert mail.outbox == []


def test_a_password_that_is_too_simple_is_refused_and_the_link_still_works(
    client: Client, charlie: User
) -> None:
    ask(client)
    assert "too short" in use(client, link(), "12345").content.decode()
    assert use(client, link()).status_code == 302


@pytest.mark.parametrize("path", ["/password/reset/MQ/abc-def/", "/password/reset/x/set-password/"])
def test_a_made_up_link_opens_nothing(client: Client, charlie: User, path: str) -> None:
    assert "does not work any more" in client.get(path).content.decode()


def test_asking_again_and_again_is_stopped_for_those_who_exist_and_those_who_do_not(
    client: Client, charlie: User
) -> None:
    for address in ("charlie@example.org", "nobody@example.org"):
        statuses = [ask(client, address).status_code for _ in range(4)]
        assert statuses == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_an_odd_address_is_told_beside_the_field(client: Client) -> None:
    assert ask(client, "no address").status_code == 422


def test_it_is_said_when_no_worker_can_be_told(client: Client, charlie: User, monkeypatch: Any) -> None:
    def gone(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(send_reset_link, "delay", gone)
    assert ask(client).status_code == 503


def test_the_sign_in_page_leads_there_only_where_mail_can_be_sent(client: Client, settings: Any) -> None:
    assert "/password/reset/" in client.get("/sign-in/").content.decode()
    settings.CAN_SEND_MAIL = False
    page = client.get("/sign-in/").content.decode()
    assert "An administrator sets a new one" in page
    assert "/password/reset/" not in page
    assert client.get("/password/reset/").status_code == 404
