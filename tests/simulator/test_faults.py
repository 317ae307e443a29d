"""Faults made to order: what whoever asks sees of them, and what has really happened inside."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import get_args

import pytest

from ganeti_webmgr.rapi import (
    BadAnswer,
    Client,
    OutcomeUnknown,
    RapiError,
    Unauthorized,
    Unreachable,
)
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.simulator.faults import Kind
from tests.simulator.asking import client_of
from tests.waiting import until

IMPATIENT_S = 0.3
REASON = "gwm:test:1"


@dataclass(frozen=True)
class Case:
    """What a fault is for a read and for a write, whether the request is read, and the job queued."""

    kind: Kind
    read: type[RapiError]
    write: type[RapiError]
    heard: bool = True
    queued: bool = False


CASES = [
    Case("refuse", Unreachable, Unreachable, heard=False),
    Case("hang", Unreachable, OutcomeUnknown),
    Case("cut", Unreachable, OutcomeUnknown, queued=True),
    Case("garbage", BadAnswer, OutcomeUnknown),
    Case("401", Unauthorized, Unauthorized),
    Case("500", Unreachable, OutcomeUnknown),
    Case("lose_answer", Unreachable, OutcomeUnknown, queued=True),
]
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)


def failure(call: Callable[[], object]) -> type[RapiError]:
    """The class of the error that it raises."""
    with pytest.raises(RapiError) as caught:
        call()
    return type(caught.value)


@EVERY_CASE
def test_a_read_that_meets_a_fault_may_be_asked_again(case: Case, ganeti: SimulatedCluster) -> None:
    ganeti.fault(case.kind)
    with client_of(ganeti, patience_s=IMPATIENT_S) as client:
        assert failure(client.cluster.info) is case.read
    assert len(ganeti.requests) == case.heard


@EVERY_CASE
def test_a_write_that_meets_a_fault_is_in_the_queue_or_is_not(case: Case, ganeti: SimulatedCluster) -> None:
    ganeti.fault(case.kind)
    with client_of(ganeti, patience_s=IMPATIENT_S) as client:
        assert failure(lambda: client.instances.shutdown("web1", reason=REASON)) is case.write
    assert [job.reasons for job in ganeti.jobs] == [[REASON]] * case.queued
    ganeti.wait_for_jobs()
    assert ganeti.status("web1") == ("ADMIN_down" if case.queued else "running")


@EVERY_CASE
def test_a_healed_cluster_is_as_good_as_new(case: Case, ganeti: SimulatedCluster) -> None:
    ganeti.fault(case.kind)
    with client_of(ganeti, patience_s=IMPATIENT_S) as client:
        failure(client.cluster.info)
    ganeti.heal()
    with client_of(ganeti) as client:
        assert client.cluster.info().name == ganeti.name
        assert ganeti.jobs == []
        assert client.instances.shutdown("web1") == 1


def test_a_slow_cluster_does_as_it_is_asked_but_later(ganeti: SimulatedCluster, client: Client) -> None:
    ganeti.fault("slow", delay_s=0.2)
    began = time.monotonic()
    assert client.cluster.info().name == ganeti.name
    assert client.instances.shutdown("web1") == 1
    assert time.monotonic() - began >= 0.4


def test_a_slow_write_that_nobody_waits_for_happens_all_the_same(ganeti: SimulatedCluster) -> None:
    ganeti.fault("slow", delay_s=IMPATIENT_S + 0.2)
    with client_of(ganeti, patience_s=IMPATIENT_S) as client:
        assert failure(lambda: client.instances.shutdown("web1")) is OutcomeUnknown
    assert ganeti.jobs == []
    until(lambda: ganeti.jobs)


def test_an_empty_answer_has_the_right_form_and_nothing_in_it(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.fault("empty")
    assert client.instances.list() == []
    assert client.query.instances().parse() == []
    assert client.cluster.info().name == ganeti.name


def test_other_methods_than_that_of_the_fault_are_spared(ganeti: SimulatedCluster, client: Client) -> None:
    for kind in ("refuse", "500"):
        ganeti.fault(kind, method="PUT")
        assert client.cluster.info().name == ganeti.name
        assert failure(lambda: client.instances.shutdown("web1")) is OutcomeUnknown
        ganeti.heal()


def test_other_paths_than_that_of_the_fault_are_spared(ganeti: SimulatedCluster, client: Client) -> None:
    ganeti.fault("garbage", path="^/2/nodes")
    assert failure(client.nodes.list) is BadAnswer
    assert len(client.instances.list()) == 12


@pytest.mark.parametrize("kind", ["refuse", "500", "garbage"])
def test_a_fault_that_is_to_come_twice_comes_twice(
    kind: Kind, ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.fault(kind, times=2)
    for _ in range(2):
        assert issubclass(failure(client.cluster.info), Unreachable)
    assert client.cluster.info().name == ganeti.name


def test_a_connection_that_is_refused_once_has_brought_nothing(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.fault("refuse", times=1)
    assert issubclass(failure(lambda: client.instances.shutdown("web1")), Unreachable)
    assert (list(ganeti.requests), ganeti.jobs) == ([], [])
    assert client.instances.shutdown("web1") == 1


def test_faults_come_in_the_order_in_which_they_were_made(ganeti: SimulatedCluster, client: Client) -> None:
    ganeti.fault("401", times=1)
    ganeti.fault("500", times=1)
    assert [failure(client.cluster.info), failure(client.cluster.info)] == [Unauthorized, Unreachable]
    assert client.cluster.info().name == ganeti.name


def test_there_are_no_other_faults(ganeti: SimulatedCluster) -> None:
    with pytest.raises(ValueError, match="no fault 'explode'"):
        ganeti.fault("explode")  # type: ignore[arg-type]
    assert {case.kind for case in CASES} | {"slow", "empty"} == set(get_args(Kind))


def test_healing_lets_those_go_that_were_kept_hanging(ganeti: SimulatedCluster, client: Client) -> None:
    ganeti.fault("hang", times=1)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(client.cluster.info)
        until(lambda: ganeti.requests)
        assert not asked.done()
        ganeti.heal()
        assert isinstance(asked.exception(timeout=10), Unreachable)


WAITING: dict[str, Callable[[Client], object]] = {
    "for an answer that never comes": lambda client: client.cluster.info(),
    "for a slow answer": lambda client: client.nodes.names(),
    "for a job": lambda client: client.jobs.wait(1, previous=["queued"]),
    "for the list of systems": lambda client: client.cluster.operating_systems(),
}


@pytest.mark.parametrize("ask", WAITING.values(), ids=WAITING)
def test_a_simulator_that_ends_keeps_nobody_waiting(ask: Callable[[Client], object]) -> None:
    simulator = Simulator([Shape(machines=1)], speed=1e-6).start()  # no job ever gets anywhere
    ganeti = simulator.clusters[0]
    ganeti.fault("hang", path="/2/info")
    ganeti.fault("slow", path="/2/nodes", delay_s=100)
    with client_of(ganeti) as client, ThreadPoolExecutor() as threads:
        client.instances.shutdown("web1")
        threads.submit(ask, client)
        until(lambda: len(ganeti.requests) == 2)
        began = time.monotonic()
        simulator.stop()
        threads.shutdown()
        assert time.monotonic() - began < 5
