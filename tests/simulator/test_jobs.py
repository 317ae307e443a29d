"""A job from its submission to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ganeti_webmgr.rapi import (
    FINAL_STATUSES,
    Busy,
    CancelResult,
    Client,
    Dependency,
    JobError,
    LogEntry,
)
from ganeti_webmgr.simulator import SimulatedCluster
from tests.simulator.asking import FOR_EVER_S, Diary, ended, held_back, spec, wait_for


def test_a_job_is_queued_waits_for_its_locks_runs_and_succeeds(
    ganeti: SimulatedCluster, client: Client
) -> None:
    diary = Diary(ganeti)
    job = ended(ganeti, client, client.instances.shutdown("web1"))
    assert diary.statuses[job.id] == ["queued", "waiting", "running", "success"]
    assert job.received_at
    assert job.started_at
    assert job.ended_at
    assert job.received_at < job.started_at < job.ended_at


def test_between_two_operations_a_job_is_queued_again(ganeti: SimulatedCluster, client: Client) -> None:
    diary = Diary(ganeti)
    job = ended(ganeti, client, client.instances.reinstall("web1"))
    assert job.summary == (
        "INSTANCE_SHUTDOWN(web1)",
        "INSTANCE_REINSTALL(web1)",
        "INSTANCE_STARTUP(web1)",
    )
    assert diary.statuses[job.id] == ["queued", "waiting", "running"] * 3 + ["success"]
    assert ganeti.status("web1") == "running"


def test_whoever_waits_for_a_job_hears_of_everything_in_its_order(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.speed = 20
    job_id = client.instances.create(spec(ganeti, "new", disk_template="drbd", iallocator="hail"))
    status = ""
    heard: list[LogEntry] = []
    portions = 0
    while status not in FINAL_STATUSES:
        last = heard[-1].serial if heard else None
        change = client.jobs.wait(job_id, previous=[status], previous_log_serial=last)
        assert change
        [status] = change.values
        heard += change.log
        portions += bool(change.log)
    assert portions > 1
    assert (status, heard) == ("success", client.jobs.get(job_id).log)
    assert [entry.serial for entry in heard] == list(range(1, len(heard) + 1))
    texts = [entry.text for entry in heard]
    assert " - INFO: - device disk/0: 12.50% done, 2s remaining (estimated)" in texts
    assert "* running the instance OS create scripts..." in texts


def test_a_job_that_cannot_be_done_fails_with_class_and_code(
    ganeti: SimulatedCluster, client: Client
) -> None:
    job = ended(ganeti, client, client.instances.start("nosuch"))
    said = "Instance 'nosuch' not known"
    assert (job.status, job.error) == (
        "error",
        JobError(klass="OpPrereqError", message=said, code="unknown_entity"),
    )


def test_what_nobody_expected_ends_the_job_and_frees_its_locks(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.config.params["uid_pool"] = None  # as no real cluster has it
    job = ended(ganeti, client, client.cluster.modify({"add_uids": [(1, 2)]}))
    assert (job.status, job.error and job.error.klass) == ("error", "OpExecError")
    assert client.query.locks().parse() == []
    assert ended(ganeti, client, client.instances.shutdown("web1")).status == "success"


def installing(ganeti: SimulatedCluster, client: Client, *, install_s: float = FOR_EVER_S) -> int:
    """A job that installs a machine all the time."""
    job_id = client.instances.create(spec(ganeti, "new", install_s=install_s))
    wait_for(ganeti, lambda: ganeti.queue.jobs[job_id].status == "running")
    return job_id


def test_a_queued_job_can_be_cancelled(ganeti: SimulatedCluster, client: Client) -> None:
    first = installing(ganeti, client)
    job_id = client.instances.shutdown("web1", depends=[Dependency(first)])
    assert client.jobs.cancel(job_id) == CancelResult(ok=True, text=f"Dequeued job {job_id}")
    job = client.jobs.get(job_id)
    assert (job.status, job.started_at, job.opresult) == ("canceled", None, (None,))


def test_a_job_that_waits_for_locks_can_be_cancelled(ganeti: SimulatedCluster, client: Client) -> None:
    installing(ganeti, client)
    job_id = client.cluster.modify({"force": True})
    wait_for(ganeti, lambda: any(row["pending"] for row in ganeti.queue.locks.rows()))
    assert client.jobs.cancel(job_id).ok
    assert client.jobs.get(job_id).status == "canceled"
    assert not any(lock.pending for lock in client.query.locks().parse())


def test_a_running_operation_ends_and_those_behind_it_are_cancelled(
    ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.speed = 5
    job_id = client.instances.reinstall("web1")
    wait_for(ganeti, lambda: ganeti.queue.jobs[job_id].status == "running")
    assert not client.jobs.cancel(job_id).ok
    job = ended(ganeti, client, job_id)
    assert (job.status, job.opstatus) == ("canceled", ("success", "canceled", "canceled"))
    assert (ganeti.status("web1"), ganeti.instances["web1"].os) == ("ADMIN_down", "debootstrap+bookworm")


Ending = Callable[[SimulatedCluster, Client], int]
ENDINGS: dict[str, Ending] = {
    "success": lambda ganeti, client: client.instances.create(spec(ganeti, "new")),
    "error": lambda ganeti, client: client.instances.start("nosuch"),
    "canceled": lambda ganeti, client: cancelled(client),
}


def cancelled(client: Client) -> int:
    with held_back(client):
        job_id = client.instances.shutdown("db1")
        client.jobs.cancel(job_id)
    return job_id


@pytest.mark.parametrize("wanted", ENDINGS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_job_waits_for_another_to_end_and_fails_unless_it_ends_as_wanted(
    wanted: str, ending: str, ganeti: SimulatedCluster, client: Client
) -> None:
    first = ENDINGS[ending](ganeti, client)
    depends = [Dependency(first, [wanted])]  # type: ignore[list-item]
    second = ended(ganeti, client, client.instances.shutdown("web1", depends=depends))
    one, two = ganeti.jobs
    assert (one.status, two.status) == (ending, "success" if wanted == ending else "error")
    assert one.end is not None
    assert two.start is not None
    assert one.end <= two.start
    if wanted != ending:
        said = f"Dependency job {first} finished with status '{ending}', not one of '{wanted}' as required"
        assert second.error == JobError(klass="OpExecError", message=said, code=None)


def test_a_job_cannot_wait_for_one_that_never_was(ganeti: SimulatedCluster, client: Client) -> None:
    job = ended(ganeti, client, client.instances.shutdown("web1", depends=[Dependency(99)]))
    assert job.error == JobError(klass="OpExecError", message="Job 99 not found", code=None)


def test_a_drained_queue_takes_no_jobs(ganeti: SimulatedCluster, client: Client) -> None:
    ganeti.config.drained = True
    with pytest.raises(Busy, match="Queue drained"):
        client.instances.shutdown("web1")
    assert ganeti.jobs == []


def test_jobs_follow_each_other_along_a_chain(ganeti: SimulatedCluster, client: Client) -> None:
    def after(job_id: int | None, call: Callable[..., int]) -> int:
        return call("web1", depends=[] if job_id is None else [Dependency(job_id)])

    job_id: int | None = None
    for call in (client.instances.shutdown, client.instances.start, client.instances.reboot) * 2:
        job_id = after(job_id, call)
    ganeti.wait_for_jobs()
    assert [job.status for job in ganeti.jobs] == ["success"] * 6
    moments = [moment or 0 for job in ganeti.jobs for moment in (job.start, job.end)]
    assert moments == sorted(moments)
