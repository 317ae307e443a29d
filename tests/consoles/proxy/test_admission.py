"""Who is not let in, and why: everything that is bound to a ticket is looked at when it is used."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import end_all
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.consoles.models import Console, Mode, Ticket
from ganeti_webmgr.consoles.proxy import handler
from ganeti_webmgr.permissions.granting import grant, revoke
from ganeti_webmgr.simulator import Simulator
from tests.consoles.conftest import Person, Proxy
from tests.consoles.viewer import Refused, Viewer
from tests.estate import signed_in
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

TICKET, NO_RIGHT, GONE, SIGNED_OUT, TOO_MANY, FULL, NO_DATABASE = 4001, 4003, 4004, 4005, 4007, 4008, 4013


def test_a_ticket_is_good_once(person: Person) -> None:
    ticket = person.ticket()
    person.views(ticket).greets()
    assert person.views(ticket).hears_goodbye().code == TICKET


def test_of_fifty_uses_at_once_one_wins(person: Person) -> None:
    ticket = person.ticket()
    outcomes: Counter[str] = Counter()
    begin = threading.Barrier(50)

    def use() -> None:
        begin.wait()
        try:
            person.views(ticket).greets().leaves()
            outcomes["won"] += 1
        except EOFError as end:
            outcomes[str(end.args[0])] += 1

    threads = [threading.Thread(target=use) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"won": 1, str(TICKET): 49}


def test_a_ticket_of_31_seconds_ago_is_too_old(person: Person) -> None:
    ticket = person.ticket()
    Ticket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert person.views(ticket).hears_goodbye().code == TICKET


@pytest.mark.parametrize("made_up", ["", "x" * 43, "../../etc/passwd", "a,b"])
def test_a_made_up_ticket_is_none(person: Person, made_up: str) -> None:
    person.ticket()
    try:
        assert person.views(made_up or " ").hears_goodbye().code == TICKET
    except Refused:
        assert made_up in {"", "a,b"}  # no list of subprotocols at all


def test_a_ticket_is_good_in_its_own_session_alone(person: Person) -> None:
    elsewhere = signed_in(person.user).session.session_key or ""
    ticket = person.ticket()
    assert person.views(ticket, session=elsewhere).hears_goodbye().code == TICKET
    person.views(ticket).greets()  # the other session has not used it up


def test_a_ticket_is_good_for_its_own_person_alone(person: Person, alice: User) -> None:
    hers = signed_in(alice).session.session_key or ""
    assert person.views(person.ticket(), session=hers).hears_goodbye().code == TICKET


def test_a_ticket_leads_to_its_own_machine_whatever_the_address_says(
    person: Person, cluster: Cluster
) -> None:
    other = cluster.vms.filter(status="running").exclude(pk=person.vm.pk).earliest("sort_name")
    path = f"/console/ws?vm={other.pk}&token={other.name}&host={other.name}&port=22"
    assert person.vm.name in person.views(path=path).greets().name


def test_who_is_signed_out_is_not_let_in(person: Person, alice: User) -> None:
    ticket = person.ticket()
    end_all(person.user, by=alice)
    assert person.views(ticket).hears_goodbye().code == SIGNED_OUT
    assert person.views(person.ticket(), session="").hears_goodbye().code == SIGNED_OUT


def test_a_right_that_went_between_ticket_and_use_is_missed(person: Person, alice: User) -> None:
    ticket = person.ticket()
    revoke(person.user, person.vm, by=alice)
    assert person.views(ticket).hears_goodbye().code == NO_RIGHT


def test_who_may_only_watch_gets_no_ticket_for_control(person: Person, alice: User) -> None:
    control = person.ticket()
    grant(person.user, person.vm, by=alice, role="watcher")
    assert person.views(control).hears_goodbye().code == NO_RIGHT
    person.opens(mode=Mode.WATCH).sees_update()


def outcome(person: Person, ticket: str, origin: str | None) -> str:
    """The status where no websocket came about, else the code with which it was closed."""
    try:
        return str(person.views(ticket, origin=origin).hears_goodbye().code)
    except Refused as refused:
        return re.search(r"\d{3}", str(refused))[0]  # type: ignore[index]


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param(None, id="missing"),
        "null",
        "http://evil.example.org",
        "http://localhost:8000",
        "https://localhost",
        "http://localhost.evil.example.org",
        "http://localhost@evil.example.org",
        "http://LOCALHOST/path",
        "file://",
        "",
    ],
)
def test_a_page_of_elsewhere_is_refused_and_uses_up_no_ticket(person: Person, origin: str | None) -> None:
    ticket = person.ticket()
    assert outcome(person, ticket, origin) in {"403", str(TICKET)}
    person.views(ticket).greets()


def test_capital_letters_and_the_default_port_make_no_other_origin(person: Person) -> None:
    person.views(origin="HTTP://LocalHost:80").greets()


def test_two_origins_are_none(person: Person) -> None:
    with pytest.raises(Refused, match="403"):
        person.views(extra=(("Origin", "http://evil.example.org"),))


def test_five_of_one_person_and_no_more(person: Person) -> None:
    opened = [person.opens() for _ in range(5)]
    assert person.views().hears_goodbye().code == TOO_MANY
    opened[0].leaves()
    until(lambda: Console.objects.filter(ended_at=None).count() == 4)
    person.opens()


def test_no_more_than_there_may_be_in_all(person: Person, settings: object) -> None:
    settings.CONSOLE_MOST = 1  # type: ignore[attr-defined]
    opened = person.opens()
    assert person.views().hears_goodbye().code == FULL
    opened.leaves()


def test_a_machine_that_is_gone_is_not_shown(person: Person) -> None:
    ticket = person.ticket()
    person.vm.missing_since = timezone.now()
    person.vm.save()
    assert person.views(ticket).hears_goodbye().code == GONE


def test_without_the_database_nobody_is_let_in(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = person.ticket()

    def no_database(*_: object, **__: object) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(handler, "admit", no_database)
    goodbye = person.views(ticket).hears_goodbye()
    assert goodbye.code == NO_DATABASE


def test_no_ticket_session_or_password_is_in_any_log(
    person: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], proxy: Proxy
) -> None:
    caplog.set_level(logging.DEBUG)
    good, bad, foreign = person.ticket(), "forged-ticket-forged-ticket", person.ticket()
    viewer = person.views(good).greets()
    viewer.sees_update()
    viewer.leaves()
    person.views(bad).hears_goodbye()
    with pytest.raises(Refused):
        person.views(foreign, origin="null")
    until(proxy.is_empty)
    said = caplog.text + "".join(capfd.readouterr())
    for secret in (good, bad, foreign, person.session, "simulated-secret"):
        assert secret not in said


def test_only_the_digest_of_a_ticket_is_stored(person: Person) -> None:
    ticket = person.ticket()
    row = Ticket.objects.get()
    assert all(ticket not in str(value) and person.session not in str(value) for value in vars(row).values())


def test_something_that_is_no_websocket_is_sent_away(person: Person, simulator: Simulator) -> None:
    with pytest.raises(Refused, match="404"):
        person.views(path="/elsewhere")
    assert isinstance(Viewer(person.port, person.ticket(), session=person.session), Viewer)
