"""No cluster gets more requests at a time than its budget, whoever sends them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import Busy

from .conftest import Connect
from .server import Heard, Server, says


class Gate:
    """A script that answers only when it is opened, and counts who waits."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.arrived = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._waiting = 0
        self.most = 0

    def __call__(self, connection: socket.socket, heard: Heard) -> None:
        with self._lock:
            self._waiting += 1
            self.most = max(self.most, self._waiting)
        self.arrived.release()
        self.open.wait(10)
        with self._lock:
            self._waiting -= 1
        says(2)(connection, heard)


@pytest.fixture
def gate(server: Server) -> Iterator[Gate]:
    gate = Gate()
    server.script = gate
    yield gate
    gate.open.set()


def test_all_clients_of_a_cluster_share_its_budget(gate: Gate, connect: Connect) -> None:
    clients = [connect(max_connections=3) for _ in range(4)]
    with ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(client.cluster.api_version) for client in clients * 3]
        for _ in range(3):
            assert gate.arrived.acquire(timeout=5)
        assert not gate.arrived.acquire(timeout=0.1)
        gate.open.set()
        assert [answer.result(10) for answer in answers] == [2] * 12
    assert gate.most == 3


def test_who_gets_no_place_in_time_is_told_that_the_cluster_is_busy(gate: Gate, connect: Connect) -> None:
    client = connect(max_connections=1, max_wait_s=0.05)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.cluster.api_version)
        assert gate.arrived.acquire(timeout=5)
        with pytest.raises(Busy):
            connect(max_connections=1, max_wait_s=0.05).instances.start("web")
        gate.open.set()
        assert first.result(5) == 2
    assert client.cluster.api_version() == 2


def test_a_failed_call_gives_its_place_back(server: Server, connect: Connect) -> None:
    client = connect(max_connections=1, max_wait_s=0.05)
    server.script = lambda connection, _: connection.close()
    for _ in range(3):
        with pytest.raises(rapi.Unreachable):
            client.cluster.info()


def test_one_busy_cluster_does_not_hold_up_another(gate: Gate, connect: Connect) -> None:
    client = connect(max_connections=1)
    with Server(says(2)) as other, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.cluster.api_version)
        assert gate.arrived.acquire(timeout=5)
        elsewhere = rapi.Client(other.url, user="a", password="b", tls=rapi.Unverified(), max_connections=1)
        assert elsewhere.cluster.api_version() == 2
        gate.open.set()
        assert first.result(5) == 2
