"""What the console proxy costs, beside a plain websockify and a plain relay on the same machine, in turns."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.consoles.models import Kind, Mode
from ganeti_webmgr.consoles.tickets import issue
from ganeti_webmgr.simulator import Shape, Simulator
from ganeti_webmgr.vms.models import VirtualMachine
from tests.bench import blaster
from tests.bench.first_frame import first_frames
from tests.bench.machine import described
from tests.bench.process import load_of
from tests.bench.site import site
from tests.bench.table import show
from tests.consoles.viewer import ORIGIN, Viewer
from tests.estate import added, signed_in
from tests.processes import ENDS_WITH_US, Processes
from tests.waiting import until

ROUNDS = 7
ROUND_S = 2.0
KEYS = 300
MANY = 100
LEAST_RATIO = 0.9
RELAY_PORT, WEBSOCKIFY_PORT = 10801, 10802


class End:
    """A viewer's end of one way: a socket to read from, and how to say something on it."""

    def __init__(self, raw: socket.socket, viewer: Viewer | None = None) -> None:
        self.raw, self._viewer = raw, viewer

    def says(self, message: bytes) -> None:
        if self._viewer:
            self._viewer.socket.send(message)
        else:
            self.raw.sendall(message)


Opens = Callable[[], End]


def run() -> bool:
    """Whether what goes through is at least nine tenths of what goes through a plain websockify."""
    shape = Shape(name="bench", nodes=1, machines=4, rfb=True)
    with contextlib.ExitStack() as stack:
        simulator = stack.enter_context(Simulator([shape]))
        node = next(iter(simulator.clusters[0].nodes))
        routes = json.dumps({simulator.clusters[0].slug: {node: blaster.HOST}})
        limits = {"GWM_CONSOLE_MOST_PER_PERSON": "500", "GWM_CONSOLE_MOST": "500"}
        stack.enter_context(_environment(GWM_CONSOLE_ROUTES=routes, **limits))
        processes = stack.enter_context(site())
        print(f"\nConsoles. {described()}.")
        admin = User.objects.create_superuser("alice")
        cluster = added(simulator.clusters[0])
        cycle.run(cluster, everything=True)
        vm = cluster.vms.filter(status="running").earliest("sort_name")
        port = int(vm.details["network_port"])
        stack.enter_context(_running("-m", "tests.bench.blaster", "screen", str(port)))
        stack.enter_context(_running("-m", "tests.bench.blaster", "relay", str(RELAY_PORT), str(port)))
        target = f"{blaster.HOST}:{port}"
        stack.enter_context(_running("-m", "websockify", f"127.0.0.1:{WEBSOCKIFY_PORT}", target, says=""))
        processes.start("console")
        ways = _ways(processes, admin, vm, port)
        kept = _throughput(ways)
        _latency(ways)
        _memory(processes, ways["console proxy"])
    first_frames()
    return kept


def _ways(processes: Processes, admin: User, vm: VirtualMachine, port: int) -> dict[str, Opens]:
    session = signed_in(admin).session.session_key or ""

    def through_proxy() -> End:
        ticket = issue(admin, vm, kind=Kind.SCREEN, mode=Mode.CONTROL, session_key=session, origin=ORIGIN)
        viewer = Viewer(processes.console_port, ticket, session=session)
        return _kept(viewer)

    return {
        "direct": lambda: _greeted(blaster.HOST, port),
        "plain relay": lambda: _greeted(blaster.HOST, RELAY_PORT),
        "plain websockify": lambda: _kept(Viewer(WEBSOCKIFY_PORT, "none", session="")),
        "console proxy": through_proxy,
    }


def _kept(viewer: Viewer) -> End:
    viewer.greets(asks=False)
    return End(viewer.socket.socket, viewer)


def _greeted(host: str, port: int) -> End:
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.SOL_TCP, socket.TCP_NODELAY, 1)
    for awaited, said in ((12, b"RFB 003.008\n"), (2, b"\x01"), (4, b"\x01")):
        connection.recv(awaited, socket.MSG_WAITALL)
        connection.sendall(said)
    connection.recv(25, socket.MSG_WAITALL)
    return End(connection)


def _throughput(ways: dict[str, Opens]) -> bool:
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, opens in ways.items():
            found[name].append(_mib_a_second(opens()))
    medians = {name: statistics.median(each) for name, each in found.items()}
    plain = medians["plain websockify"]
    head = ("machine to browser", "MiB/s", "of plain websockify")
    show([(name, f"{rate:.0f}", f"{rate / plain:.2f}") for name, rate in medians.items()], head=head)
    return medians["console proxy"] / plain >= LEAST_RATIO


def _mib_a_second(end: End) -> float:
    buffer = bytearray(1 << 18)
    end.says(struct.pack(">BBHHHH", 3, 0, 0, 0, 1, 1))
    with end.raw as raw:
        count, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < ROUND_S:
            count += raw.recv_into(buffer)
    return count / took / (1 << 20)


def _latency(ways: dict[str, Opens]) -> None:
    medians = {}
    for name, opens in ways.items():
        end, took = opens(), []
        with end.raw as raw:
            for _ in range(KEYS):
                began = time.perf_counter()
                end.says(struct.pack(">BBxxI", 4, 1, 65))
                raw.recv(100)
                took.append((time.perf_counter() - began) * 1e6)
        medians[name] = statistics.median(took)
    direct = medians["direct"]
    head = ("a key and its answer", "µs", "added")
    show([(name, f"{each:.0f}", f"{each - direct:.0f}") for name, each in medians.items()], head=head)


def _memory(processes: Processes, opens: Opens) -> None:
    pid = processes.running["console"].pid
    loads = [(0, load_of(pid))]
    ends: list[End] = []
    for count in (1, MANY):
        while len(ends) < count:
            ends.append(opens())
        loads.append((count, load_of(pid)))
    none = loads[0][1].pss_kib
    rows = [
        (
            f"{count} open",
            f"{load.pss_kib / 1024:.1f}",
            f"{(load.pss_kib - none) / count:.0f}" if count else "",
            load.threads,
        )
        for count, load in loads
    ]
    show(rows, head=("consoles", "PSS MiB", "KiB each", "threads"))
    for end in ends:
        end.raw.close()


@contextlib.contextmanager
def _running(*words: str, says: str = "listens") -> Iterator[None]:
    command = [*ENDS_WITH_US, sys.executable, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            if says:
                assert process.stdout
                assert says in process.stdout.readline()
            else:
                until(lambda: _answers(WEBSOCKIFY_PORT))
            yield
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
