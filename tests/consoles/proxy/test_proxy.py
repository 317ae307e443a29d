"""The whole way of a console through the proxy, to a simulated machine's screen."""

from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.consoles.models import Console, Mode
from ganeti_webmgr.simulator import Simulator
from tests.consoles.conftest import Person, Proxy
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def typed(simulator: Simulator, person: Person) -> str:
    screen = simulator.screen(person.vm.name)
    assert screen
    return "".join(screen.typed)


def test_the_screen_is_shown_and_what_is_typed_arrives(simulator: Simulator, person: Person) -> None:
    viewer = person.opens()
    assert person.vm.name in viewer.name
    assert len(set(viewer.sees_update())) > 2
    viewer.types("hello")
    until(lambda: "hello" in typed(simulator, person))


def test_who_only_watches_sees_and_nothing_he_types_arrives(simulator: Simulator, person: Person) -> None:
    watching, typing = person.opens(mode=Mode.WATCH), person.opens()
    watching.sees_update()
    watching.types("never")
    watching.asks_for_update()
    watching.sees_update()  # so the keys before it were read
    typing.types("seen")
    until(lambda: "seen" in typed(simulator, person))
    assert "never" not in typed(simulator, person)


def test_nobody_is_shown_out_by_somebody_who_comes(person: Person) -> None:
    first = person.opens()
    first.sees_update()
    person.opens().sees_update()
    first.asks_for_update()
    first.sees_update()


def test_opening_and_closing_are_in_the_record(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    viewer.sees_update()
    viewer.leaves()
    until(proxy.is_empty)
    opened: Any
    closed: Any
    opened, closed = Event.objects.filter(action__startswith="console.").order_by("pk")
    assert (opened.action, opened.actor_name, opened.target_name) == ("console.opened", "bob", person.vm.name)
    assert opened.address == "192.0.2.7"
    assert opened.after["mode"] == "In control"
    assert (closed.action, closed.after["how"]) == ("console.closed", "Disconnected")
    assert closed.after["bytes_out"] > 1000
    row = Console.objects.get()
    assert (row.ending, row.bytes_out) == ("closed", closed.after["bytes_out"])


def test_a_machine_that_is_shut_down_closes_its_screen_and_the_page_may_return(person: Person) -> None:
    viewer = person.opens()
    viewer.sees_update()
    with connect(person.vm.cluster) as client:
        client.instances.shutdown(person.vm.name, timeout_s=0, reason="a test")
    assert viewer.hears_goodbye().code == 4000
    assert person.views().hears_goodbye().code == 4006  # off
