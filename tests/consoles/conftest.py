"""A console proxy, machines with screens, and somebody who may look."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.consoles.models import Console, Kind, Mode
from ganeti_webmgr.consoles.proxy.server import Server
from ganeti_webmgr.consoles.proxy.watch import Watch
from ganeti_webmgr.consoles.tickets import issue
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.vms.models import VirtualMachine
from tests.consoles.viewer import ORIGIN, Viewer
from tests.estate import BORN, HASTE, signed_in
from tests.waiting import until


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator([Shape(name="sim1", nodes=2, machines=12, rfb=True)], speed=HASTE, now=BORN) as running:
        yield running


@pytest.fixture
def ganeti(simulator: Simulator) -> SimulatedCluster:
    return simulator.clusters[0]


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="bobs-password")


@dataclass
class Proxy:
    """The proxy as it runs, in a thread of the test."""

    server: Server
    watch: Watch

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def look(self) -> None:
        """One round of its watch."""
        self.watch.look()

    def rest(self) -> None:
        """Ends the watch, if it runs."""
        self.watch.stop()
        if self.watch.ident:
            self.watch.join()

    def is_empty(self) -> bool:
        return not self.server.visits()


@pytest.fixture
def proxy(transactional_db: None) -> Iterator[Proxy]:
    with Server(socket.create_server(("127.0.0.1", 0))) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        running = Proxy(server, Watch(server))
        yield running
        running.rest()
        for visit in server.visits():
            visit.cut()
        until(running.is_empty)
        server.shutdown()
        serving.join()
    connections.close_all()


@dataclass
class Person:
    """Somebody at a browser, signed in."""

    user: User
    vm: VirtualMachine
    session: str
    port: int

    def ticket(self, **bound: Any) -> str:
        """A new ticket for the console of the machine."""
        options: dict[str, Any] = {
            "kind": Kind.SCREEN,
            "mode": Mode.CONTROL,
            "session_key": self.session,
            "origin": ORIGIN,
            "address": "192.0.2.7",
        }
        vm = bound.pop("vm", self.vm)
        return issue(self.user, vm, **{**options, **bound})

    def views(self, ticket: str | None = None, **options: Any) -> Viewer:
        """A viewer that was let in or not."""
        return Viewer(self.port, ticket or self.ticket(), **{"session": self.session, **options})

    def opens(self, **bound: Any) -> Viewer:
        """A viewer that shows the screen."""
        viewer = self.views(self.ticket(**bound)).greets()
        until(lambda: Console.objects.filter(user=self.user, opened_at__isnull=False, ended_at=None).exists())
        return viewer


@pytest.fixture
def person(proxy: Proxy, cluster: Cluster, running: VirtualMachine, alice: User, bob: User) -> Person:
    """Bob, who may use the console of a running machine."""
    grant(bob, running, by=alice, role="console")
    return Person(bob, running, signed_in(bob).session.session_key or "", proxy.port)
