"""Which of many jobs may run, and which of them first."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from ganeti_webmgr.rapi import Client, Dependency
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.opcodes import build
from tests.simulator.asking import Diary, held_back, spec, wait_for


@pytest.fixture
def installed(ganeti: SimulatedCluster, client: Client) -> Callable[..., int]:
    """Submits the installation of another machine, which takes a twentieth of a second."""
    numbers = iter(range(100))

    def submit(**options: Any) -> int:
        return client.instances.create(spec(ganeti, f"new{next(numbers)}", install_s=25), **options)

    return submit


def test_no_more_jobs_run_at_a_time_than_the_cluster_allows(
    ganeti: SimulatedCluster, client: Client, installed: Callable[..., int]
) -> None:
    ganeti.config.params["max_running_jobs"] = 2
    diary = Diary(ganeti)
    with held_back(client):
        for _ in range(6):
            installed()
    ganeti.wait_for_jobs()
    assert diary.most_started == 2
    assert [job.status for job in ganeti.jobs] == ["success"] * 6


def test_jobs_of_high_priority_go_first_and_those_of_low_last(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.config.params["max_running_jobs"] = 1
    with held_back(client):
        low = client.instances.shutdown("web1", priority=10)
        normal = client.instances.shutdown("web1")
        high = client.instances.shutdown("web1", priority=-10)
    ganeti.wait_for_jobs()
    started = sorted(ganeti.jobs, key=lambda job: job.start or 0)
    assert [job.id for job in started] == [high, normal, low]


def test_a_paused_job_stays_queued_until_the_rule_is_gone(ganeti: SimulatedCluster, client: Client) -> None:
    rule = client.filters.create(action="PAUSE", predicates=[["reason", ["=", "reason", "later"]]])
    paused = client.instances.shutdown("web1", reason="later")
    other = client.instances.shutdown("db1", reason="now")
    wait_for(ganeti, lambda: ganeti.queue.jobs[other].is_final)
    assert client.jobs.get(paused).status == "queued"
    client.filters.delete(rule)
    ganeti.wait_for_jobs()
    assert client.jobs.get(paused).status == "success"


def test_an_earlier_rule_that_accepts_makes_an_exception(ganeti: SimulatedCluster, client: Client) -> None:
    mine = [["opcode", ["=", "OP_ID", "OP_INSTANCE_SHUTDOWN"]]]
    client.filters.create(action="ACCEPT", priority=1, predicates=mine)
    client.filters.create(action="REJECT", priority=2)
    client.instances.shutdown("web1")
    client.instances.start("web1")
    ganeti.wait_for_jobs()
    assert [job.status for job in ganeti.jobs] == ["success", "canceled"]


def test_a_rule_limits_how_many_of_its_jobs_run_at_a_time(
    ganeti: SimulatedCluster, client: Client, installed: Callable[..., int]
) -> None:
    client.filters.create(
        action=("RATE_LIMIT", 1), predicates=[["reason", ["=", "reason", "one by one"]]], priority=1
    )
    with held_back(client):
        limited = {installed(reason="one by one") for _ in range(3)}
        others = {installed(reason="all at once") for _ in range(3)}
    ganeti.wait_for_jobs()
    assert (overlapping(ganeti, limited), overlapping(ganeti, others)) == (False, True)


def test_so_does_a_reason_that_says_it_is_a_limit(
    ganeti: SimulatedCluster,
) -> None:
    def submitted(name: str, reason: str) -> int:
        # Not by the client, which takes care not to send such a reason.
        release, trail = ganeti.config.release, [["gnt:user", reason, 0]]
        body = spec(ganeti, name, install_s=25).body()
        return ganeti.queue.submit([build("OP_INSTANCE_CREATE", body, release=release, reason=trail)])

    with ganeti.change():
        limited = {submitted(f"a{number}", "rate-limit:1:backup") for number in range(3)}
        others = {submitted(f"b{number}", "rate-limit:3:backup") for number in range(3)}
    ganeti.wait_for_jobs()
    assert [job.status for job in ganeti.jobs] == ["success"] * 6
    assert (overlapping(ganeti, limited), overlapping(ganeti, others)) == (False, True)


def test_a_job_hears_that_the_one_it_waits_for_was_turned_away(
    ganeti: SimulatedCluster, client: Client
) -> None:
    with held_back(client):
        client.filters.create(action="REJECT", predicates=[["reason", ["=", "reason", "no"]]], priority=1)
        first = client.instances.shutdown("web1", reason="no")
        # Looked at before the other is gone, in the same round of the scheduler.
        urgent = client.instances.shutdown("web1", depends=[Dependency(first, ["canceled"])], priority=-10)
    ganeti.wait_for_jobs()
    assert [client.jobs.get(job_id).status for job_id in (first, urgent)] == ["canceled", "success"]


def overlapping(ganeti: SimulatedCluster, ids: set[int]) -> bool:
    """Whether two of these jobs ran at the same time."""
    jobs = sorted((job for job in ganeti.jobs if job.id in ids), key=lambda job: job.start or 0)
    return any((one.end or 0) > (two.start or 0) for one, two in itertools.pairwise(jobs))
