"""Locks: who works on the same thing works one after the other."""

from __future__ import annotations

from ganeti_webmgr.rapi import Client, Lock
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.jobs.job import Job
from ganeti_webmgr.simulator.jobs.locks import EXCLUSIVE, SHARED, Locks
from tests.simulator.asking import FOR_EVER_S, ended, held_back, spec, wait_for


def executed(job: Job) -> float:
    """When it had its locks."""
    assert job.ops[0].execute is not None
    return job.ops[0].execute


def test_two_jobs_on_one_machine_come_one_after_the_other(ganeti: SimulatedCluster, client: Client) -> None:
    with held_back(client):
        client.instances.reboot("web1")
        client.instances.shutdown("web1")
    ganeti.wait_for_jobs()
    one, two = ganeti.jobs
    assert one.end is not None
    assert two.start is not None
    assert two.start < one.end <= executed(two)
    assert ganeti.status("web1") == "ADMIN_down"


def test_jobs_on_two_machines_run_side_by_side(ganeti: SimulatedCluster, client: Client) -> None:
    with held_back(client):
        client.instances.reboot("web1")
        client.instances.reboot("db1")
    ganeti.wait_for_jobs()
    one, two = ganeti.jobs
    assert one.end is not None
    assert executed(two) < one.end


def test_whoever_asks_sees_who_holds_a_lock_and_who_waits_for_it(
    ganeti: SimulatedCluster, client: Client
) -> None:
    busy = client.instances.create(spec(ganeti, "new", install_s=FOR_EVER_S))
    wait_for(ganeti, lambda: ganeti.queue.jobs[busy].status == "running")
    waiting = client.instances.shutdown(f"new.{ganeti.name}")
    whole = client.cluster.modify({"force": True})
    wait_for(ganeti, lambda: len(ganeti.queue.locks.rows()[0]["pending"]) == 2)
    locks = {lock.name: lock for lock in client.query.locks().parse()}
    assert locks[f"instance/new.{ganeti.name}"] == Lock(
        name=f"instance/new.{ganeti.name}",
        mode="exclusive",
        owner=(str(busy),),
        pending=(["exclusive", [str(waiting)]],),
    )
    assert locks["cluster/BGL"] == Lock(
        name="cluster/BGL",
        mode="shared",
        owner=(str(busy),),
        pending=(["shared", [str(waiting)]], ["exclusive", [str(whole)]]),
    )


def test_nothing_is_locked_when_all_is_done(ganeti: SimulatedCluster, client: Client) -> None:
    ended(ganeti, client, client.instances.shutdown("web1"))
    assert client.query.locks().parse() == []


def test_what_is_shared_is_held_by_many_and_what_is_exclusive_by_one() -> None:
    locks = Locks()
    assert locks.acquire(1, {"a": SHARED})
    assert locks.acquire(2, {"a": SHARED})
    assert not locks.acquire(3, {"a": EXCLUSIVE})
    locks.release(1)
    assert not locks.acquire(3, {"a": EXCLUSIVE})
    locks.release(2)
    assert locks.acquire(3, {"a": EXCLUSIVE})
    assert not locks.acquire(4, {"a": SHARED})


def test_nobody_overtakes_those_who_wait_for_the_same() -> None:
    locks = Locks()
    locks.acquire(1, {"a": SHARED})
    locks.acquire(2, {"a": EXCLUSIVE})
    assert not locks.acquire(3, {"a": SHARED})
    locks.release(2)  # was cancelled
    assert locks.acquire(3, {"a": SHARED})


def test_all_that_a_job_needs_is_taken_at_once_or_not_at_all() -> None:
    locks = Locks()
    locks.acquire(1, {"a": EXCLUSIVE})
    assert not locks.acquire(2, {"a": EXCLUSIVE, "b": EXCLUSIVE})
    assert [(row["name"], row["owner"], row["pending"]) for row in locks.rows()] == [
        ("a", ["1"], [["exclusive", ["2"]]]),
        ("b", [], [["exclusive", ["2"]]]),
    ]
