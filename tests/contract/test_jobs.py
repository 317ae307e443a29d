"""Jobs: their trail, their end, their failures, and how they wait for each other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.rapi import Dependency, DiskSpec, Lock
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract

NO_UUID = "00000000-0000-4000-8000-000000000000"


def test_a_job_keeps_the_reason_it_was_given(cluster: Ganeti, machine: str) -> None:
    job_id = cluster.client.instances.shutdown(machine, timeout_s=1, reason="gwm:alice:token & more")
    job = cluster.done(job_id)
    assert [(step.source, step.text) for step in job.reason_trail] == [
        ("gnt:user", "gwm:alice:token & more"),
        ("gnt:library:rlib2:instances_name_shutdown", ""),
        ("gnt:opcode:instance_shutdown", f"job={job_id};index=0"),
    ]


def test_a_finished_job_tells_what_was_done_and_when(cluster: Ganeti, machine: str) -> None:
    options = {"comment": "a comment", "priority": 10}
    job = cluster.done(cluster.client.instances.shutdown(machine, timeout_s=1, **options))  # type: ignore[arg-type]
    assert job.summary == (f"INSTANCE_SHUTDOWN({machine})",)
    assert (job.opstatus, job.opresult) == (("success",), (None,))
    assert job.log == []
    operation = job.ops[0]
    assert operation["OP_ID"] == "OP_INSTANCE_SHUTDOWN"
    assert operation["instance_uuid"] == str(cluster.get(machine).uuid)
    assert (operation["comment"], operation["priority"], operation["timeout"]) == ("a comment", 10, 1)
    assert job.received_at is not None
    assert job.started_at is not None
    assert job.ended_at is not None
    assert job.received_at <= job.started_at <= job.ended_at


def test_ids_only_rise(cluster: Ganeti, machine: str) -> None:
    first = cluster.client.instances.shutdown(machine, timeout_s=1)
    second = cluster.client.instances.shutdown(machine, timeout_s=1)
    assert second > first
    assert cluster.client.jobs.ids()[-1] >= second
    cluster.done(second)


def test_after_a_failed_opcode_the_others_fail_too(cluster: Ganeti, machine: str) -> None:
    job = cluster.finished(cluster.client.instances.reinstall(machine))
    assert [line.split("(")[0] for line in job.summary] == [
        "INSTANCE_SHUTDOWN",
        "INSTANCE_REINSTALL",
        "INSTANCE_STARTUP",
    ]
    assert (job.status, job.opstatus) == ("error", ("success", "error", "error"))
    assert job.opresult == (
        None,
        ["OpPrereqError", [f"Instance '{machine}' has no disks", "wrong_input"]],
        ["OpExecError", ["Preceding opcode failed"]],
    )
    assert [step.source for step in job.reason_trail] == [
        "gnt:opcode:instance_shutdown",
        "gnt:opcode:instance_reinstall",
        "gnt:opcode:instance_startup",
    ]


def test_the_uuid_guards_against_a_name_that_has_passed_on(cluster: Ganeti, machine: str) -> None:
    job_id = cluster.client.instances.shutdown(machine, instance_uuid=NO_UUID)
    assert cluster.failed(job_id) == ("OpPrereqError", "resource_not_unique")


def test_a_job_waits_for_others_to_end_as_it_wants(cluster: Ganeti, machine: str) -> None:
    power = cluster.client.instances
    first = power.shutdown(machine, timeout_s=1)
    cluster.done(power.start(machine, depends=[Dependency(first)]))
    spoiled = power.shutdown(machine, timeout_s=1, depends=[Dependency(first, ["error"])])
    job = cluster.finished(spoiled)
    text = f"Dependency job {first} finished with status 'success', not one of 'error' as required"
    assert job.opresult == (["OpExecError", [text]],)
    cluster.done(power.shutdown(machine, timeout_s=1))


def test_a_job_that_is_over_cannot_be_cancelled(cluster: Ganeti, machine: str) -> None:
    job_id = cluster.done(cluster.client.instances.shutdown(machine, timeout_s=1)).id
    result = cluster.client.jobs.cancel(job_id)
    assert (result.ok, result.text) == (False, f"Job {job_id} not found in queue")
    assert cluster.client.jobs.cancel(99999999).text == "Job 99999999 not found in queue"


def test_waiting_for_a_finished_job_returns_at_once(cluster: Ganeti, machine: str) -> None:
    job_id = cluster.done(cluster.client.instances.shutdown(machine, timeout_s=1)).id
    began = time.monotonic()
    change = cluster.client.jobs.wait(job_id, previous=["success"], previous_log_serial=99)
    assert change is not None
    assert (change.values, change.log) == (("success",), ())
    assert time.monotonic() - began < 5
    unknown = cluster.client.jobs.wait(job_id, fields=["status", "nosuch"])
    assert unknown is not None
    assert unknown.values == (None, None)


@pytest.fixture
def busy(cluster: Ganeti) -> Iterator[tuple[str, int]]:
    """A machine whose creation takes a few seconds, and the job that does it, at work."""
    spec = cluster.spec(
        53,
        disk_template="file",
        disks=(DiskSpec(size_mib=1024),),
        os_type="labos+slow",
        osparams={"delay": str(cluster.slow_s)},
        tags=("contract",),
    )
    job_id = cluster.client.instances.create(spec)
    deadline = time.monotonic() + 30
    while not any("OS create" in entry.text for entry in cluster.client.jobs.get(job_id).log):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield spec.instance_name, job_id
    cluster.finished(job_id)
    cluster.done(cluster.client.instances.delete(spec.instance_name))


def pending_lock(cluster: Ganeti, name: str) -> Lock | None:
    """The lock of that name, if some job waits for it."""
    return next(
        (lock for lock in cluster.client.query.locks().parse() if lock.name == name and lock.pending), None
    )


def test_a_job_waits_for_the_locks_of_another_and_can_be_cancelled_meanwhile(
    cluster: Ganeti, busy: tuple[str, int]
) -> None:
    name, creating = busy
    waiting = cluster.client.instances.modify(name, {"beparams": {"vcpus": 2}})
    dependent = cluster.client.instances.start(name, depends=[Dependency(creating, ["error"])])
    deadline = time.monotonic() + 10
    while cluster.client.jobs.get(waiting).status != "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert cluster.client.jobs.get(creating).status == "running"
    assert cluster.client.jobs.get(dependent).status == "queued"
    held = until(lambda: pending_lock(cluster, f"instance/{name}"))  # the job says so a little earlier
    assert held
    assert (held.mode, held.owner) == ("exclusive", (str(creating),))
    assert [[mode, list(owners)] for mode, owners in held.pending or ()] == [["exclusive", [str(waiting)]]]

    stopped = cluster.client.jobs.cancel(waiting)
    assert (stopped.ok, stopped.text) == (True, "Job successfully cancelled")
    job = cluster.finished(waiting)
    assert (job.status, job.opresult) == ("canceled", ("Job canceled by request",))

    dequeued = cluster.client.jobs.cancel(dependent)
    assert (dequeued.ok, dequeued.text) == (True, f"Dequeued job {dependent}")
    job = cluster.finished(dependent)
    assert (job.status, job.started_at, job.opresult) == ("canceled", None, (None,))

    running = cluster.client.jobs.cancel(creating)
    assert running.ok is False
    assert running.text == "Job no longer waiting, can't cancel (informed it anyway)"
    assert cluster.finished(creating).status == "success"
