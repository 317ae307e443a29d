"""What ends a console that is open, and how soon."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import end_all
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.consoles import endings, services
from ganeti_webmgr.consoles.models import Console
from ganeti_webmgr.consoles.proxy import watch
from ganeti_webmgr.permissions.granting import grant, revoke
from tests.consoles.conftest import Person, Proxy
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

NO_RIGHT, GONE, SIGNED_OUT, IDLE, TOO_LONG, ENDED, STOPPING, NO_DATABASE = (
    *(4003, 4004, 4005, 4009, 4010),
    *(4011, 4012, 4013),
)


def test_a_right_that_is_taken_ends_it_within_five_seconds(person: Person, proxy: Proxy, alice: User) -> None:
    viewer = person.opens()
    proxy.watch.start()
    revoke(person.user, person.vm, by=alice)
    began = time.monotonic()
    assert viewer.hears_goodbye().code == NO_RIGHT
    assert time.monotonic() - began < 5


def test_a_right_that_ends_by_itself_ends_it(person: Person, proxy: Proxy, alice: User) -> None:
    grant(person.user, person.vm, by=alice, role="console", until=timezone.now() + timedelta(seconds=2))
    viewer = person.opens()
    proxy.watch.start()
    assert viewer.hears_goodbye().code == NO_RIGHT


def test_control_ends_where_only_watching_is_left(person: Person, proxy: Proxy, alice: User) -> None:
    viewer = person.opens()
    grant(person.user, person.vm, by=alice, role="watcher")
    proxy.look()
    assert viewer.hears_goodbye().code == NO_RIGHT


def test_signing_out_ends_it(person: Person, proxy: Proxy, alice: User) -> None:
    viewer = person.opens()
    end_all(person.user, by=alice)
    proxy.look()
    assert viewer.hears_goodbye().code == SIGNED_OUT


def test_an_account_that_is_switched_off_loses_it(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    User.objects.filter(pk=person.user.pk).update(is_active=False)
    proxy.look()
    assert viewer.hears_goodbye().code == SIGNED_OUT


def test_a_machine_that_is_gone_ends_it(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    person.vm.missing_since = timezone.now()
    person.vm.save()
    proxy.look()
    assert viewer.hears_goodbye().code == GONE


def test_a_machine_that_is_forgotten_ends_it(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    person.vm.delete()
    proxy.look()
    assert viewer.hears_goodbye().code == GONE


def test_an_administrator_ends_it_and_says_why(person: Person, proxy: Proxy, alice: User) -> None:
    viewer = person.opens()
    assert services.end(Console.objects.all(), by=alice, reason="wrong machine") == 1
    proxy.look()
    goodbye = viewer.hears_goodbye()
    assert (goodbye.code, goodbye.reason) == (ENDED, "alice: wrong machine")
    until(proxy.is_empty)
    assert Console.objects.get().ending == "ended"
    assert Event.objects.filter(action="console.ended", actor_name="alice", person_id=person.user.pk).exists()


def test_half_an_hour_without_input_ends_it(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    viewer.sees_update()
    (visit,) = proxy.server.visits()
    visit.began -= 1790
    proxy.look()
    assert visit.ended is None
    visit.began -= 20
    viewer.asks_for_update()  # a viewer asks all the time: that is no input
    proxy.look()
    assert viewer.hears_goodbye().code == IDLE


def test_input_keeps_it_open_until_the_longest_time(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    (visit,) = proxy.server.visits()
    visit.began -= 8 * 3600 - 10
    viewer.types("x")
    until(lambda: visit.line and visit.line.input_at)
    proxy.look()
    assert visit.ended is None
    visit.began -= 20
    proxy.look()
    assert viewer.hears_goodbye().code == TOO_LONG


def test_what_went_through_is_written_down_while_it_is_open(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    viewer.sees_update()
    viewer.types("x")
    until(lambda: proxy.server.visits()[0].line.input_at)  # type: ignore[union-attr]
    proxy.look()
    row = Console.objects.get()
    assert row.bytes_out > 1000
    assert row.last_input_at


def test_a_proxy_that_stops_says_so(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    proxy.watch.end_all(endings.STOPPING)
    assert viewer.hears_goodbye().code == STOPPING


def test_consoles_of_a_killed_proxy_are_closed_by_the_next(person: Person, proxy: Proxy) -> None:
    long_ago = timezone.now() - timedelta(minutes=1)
    Console.objects.create(
        user=person.user,
        vm=person.vm,
        kind="screen",
        mode="control",
        started_at=long_ago,
        opened_at=long_ago,
        seen_at=long_ago,
    )
    assert not Console.objects.open().exists()
    proxy.look()
    assert Console.objects.get().ending == "lost"
    closed = Event.objects.get(action="console.closed")
    assert closed.after
    assert closed.after["how"] == "The console service went away"


def test_without_the_database_they_go_on_for_a_while_and_then_end(
    person: Person, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    viewer = person.opens()
    monkeypatch.setattr(watch, "ROUND_S", 0.05)
    monkeypatch.setattr(watch, "WITHOUT_DATABASE_S", 3)

    def no_database() -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(proxy.watch, "look", no_database)
    proxy.watch.start()
    until(lambda: "cannot be checked" in caplog.text)
    (visit,) = proxy.server.visits()
    assert visit.ended is None
    assert viewer.hears_goodbye().code == NO_DATABASE
    proxy.rest()
