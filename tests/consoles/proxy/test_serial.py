"""Serial lines: sockets and relay commands of the site's own."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockify.websocket import WebSocketWantReadError

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.models import Kind, Mode
from ganeti_webmgr.consoles.proxy import serial
from tests.consoles.conftest import Person, Proxy
from tests.consoles.viewer import Viewer
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

NO_SERIAL, RELAY = 4030, 4031
ECHO = "import os, sys\nfor line in sys.stdin: print(os.environ['GWM_MACHINE'], 'heard', line, flush=True)"


def reads(viewer: Viewer, until_seen: bytes) -> bytes:
    seen = b""
    while until_seen not in seen:
        try:
            message = viewer.socket.recvmsg()
        except WebSocketWantReadError:
            continue
        assert message is not None, (viewer.socket.close_code, viewer.socket.close_reason)
        seen += message
    return seen


@pytest.fixture
def line(tmp_path: Path, person: Person) -> Iterator[list[bytes]]:
    """A serial socket as QEMU keeps one, that echoes; what it heard."""
    heard: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / f"{person.vm.name}.serial"))
    listening.listen()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"login: ")
            while data := connection.recv(100):
                heard.append(data)
                connection.sendall(data.upper())

    threading.Thread(target=serve, daemon=True).start()
    yield heard
    listening.close()


def test_a_socket_is_relayed(
    person: Person, cluster: Cluster, tmp_path: Path, line: list[bytes], settings: Any
) -> None:
    settings.SERIAL_SOCKETS = {cluster.slug: f"{tmp_path}/{{machine}}.serial"}
    viewer = person.views(person.ticket(kind=Kind.SERIAL))
    assert reads(viewer, b"login: ")
    viewer.socket.send(b"root\r")
    assert reads(viewer, b"ROOT")


def test_who_watches_a_line_types_nothing(
    person: Person, cluster: Cluster, tmp_path: Path, line: list[bytes], proxy: Proxy, settings: Any
) -> None:
    settings.SERIAL_SOCKETS = {cluster.slug: f"{tmp_path}/{{machine}}.serial"}
    viewer = person.views(person.ticket(kind=Kind.SERIAL, mode=Mode.WATCH))
    reads(viewer, b"login: ")
    viewer.socket.send(b"root\r")
    viewer.leaves()
    until(proxy.is_empty)
    assert line == []


def test_a_relay_command_runs_once_for_each_session_on_a_terminal_of_its_own(
    person: Person, cluster: Cluster, settings: Any
) -> None:
    settings.SERIAL_RELAYS = {cluster.slug: [sys.executable, "-c", ECHO]}
    first, second = (person.views(person.ticket(kind=Kind.SERIAL)) for _ in range(2))
    first.socket.send(b"one\r")
    second.socket.send(b"two\r")
    heard = f"{person.vm.name} heard "
    assert b"two" not in reads(first, f"{heard}one".encode())
    assert b"one" not in reads(second, f"{heard}two".encode())


def test_the_command_ends_with_the_console(
    person: Person, cluster: Cluster, proxy: Proxy, settings: Any, tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    program = (
        f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\n"
        "print('up', flush=True)\ntime.sleep(600)"
    )
    settings.SERIAL_RELAYS = {cluster.slug: [sys.executable, "-c", program]}
    viewer = person.views(person.ticket(kind=Kind.SERIAL))
    reads(viewer, b"up")
    viewer.leaves()
    until(proxy.is_empty)
    until(lambda: not Path(f"/proc/{mark.read_text()}").exists())


def test_a_command_that_ends_closes_the_console(person: Person, cluster: Cluster, settings: Any) -> None:
    settings.SERIAL_RELAYS = {cluster.slug: [sys.executable, "-c", "print('bye')"]}
    viewer = person.views(person.ticket(kind=Kind.SERIAL))
    assert viewer.hears_goodbye().code == 4000


def test_what_cannot_be_reached_is_told(person: Person, cluster: Cluster, settings: Any) -> None:
    ticket = person.ticket(kind=Kind.SERIAL)
    assert person.views(ticket).hears_goodbye().code == NO_SERIAL
    settings.SERIAL_SOCKETS = {cluster.slug: "/nowhere/{machine}.serial"}
    goodbye = person.views(person.ticket(kind=Kind.SERIAL)).hears_goodbye()
    assert (goodbye.code, goodbye.reason) == (RELAY, "Its socket: no such file or directory.")
    settings.SERIAL_SOCKETS = {}
    settings.SERIAL_RELAYS = {cluster.slug: ["/nowhere/relay"]}
    assert person.views(person.ticket(kind=Kind.SERIAL)).hears_goodbye().code == RELAY


@pytest.mark.parametrize("name", ["../../run/redis", "a/b", "", "-rf", "a\nb", "a b", "$(reboot)"])
def test_a_name_that_the_api_tells_leads_nowhere_else(person: Person, name: str, settings: Any) -> None:
    settings.SERIAL_SOCKETS = {person.vm.cluster.slug: "/run/{machine}.serial"}
    with pytest.raises(Ended):
        serial.reach(person.vm, node="node1", machine=name)
