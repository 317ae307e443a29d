from __future__ import annotations

import pytest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import seal
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import cancel, request_job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import ForceStop, Restart, ShutDown, Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def sent(ganeti: SimulatedCluster, job: Job) -> list[str]:
    """The requests of this job that reached the cluster."""
    return [str(request.path) for request in ganeti.requests if job.token in str(request.query)]


def test_a_start_is_sent_with_the_name_of_the_person_and_followed_to_its_end(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.RUNNING
    ganeti.wait_for_jobs()
    cycle.run(stopped.cluster, everything=True)
    job.refresh_from_db()
    stopped.refresh_from_db()
    assert (job.status, stopped.status) == (Status.DONE, "running")
    assert job.started_at
    assert job.ended_at
    trail = [reason for op in ganeti.jobs[-1].ops for reason in op.input["reason"]]
    assert ["gnt:user", f"gwm:alice:{job.token}"] in [entry[:2] for entry in trail]


@pytest.mark.parametrize(
    ("command", "word"),
    [(ShutDown(timeout_s=5), "shutdown"), (ForceStop(), "shutdown"), (Restart(kind="soft"), "reboot")],
)
def test_each_command_reaches_its_resource(
    alice: User, running: VirtualMachine, ganeti: SimulatedCluster, command: ShutDown, word: str
) -> None:
    job = request_job(by=alice, command=command, on=running)
    runner.send(job)
    assert sent(ganeti, job) == [f"/2/instances/{running.name}/{word}"]


def test_a_bell_that_rings_twice_sends_once(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    runner.send(job)
    assert len(sent(ganeti, job)) == 1


def test_what_did_not_reach_the_cluster_waits_to_be_sent(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    ganeti.fault("refuse")
    runner.send(job)
    job.refresh_from_db()
    assert (job.status, job.sent_at) == (Status.REQUESTED, None)
    ganeti.heal()
    runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.RUNNING


def test_a_lost_answer_is_found_again_by_its_reason_and_never_resent(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    ganeti.fault("lose_answer", method="PUT", path="startup", times=1)
    runner.send(job)
    job.refresh_from_db()
    assert (job.status, job.ganeti_id) == (Status.UNKNOWN, None)
    ganeti.wait_for_jobs()
    cycle.run(stopped.cluster, everything=True)
    job.refresh_from_db()
    assert (job.status, len(sent(ganeti, job))) == (Status.DONE, 1)


def test_what_ganeti_declines_ends_with_its_words(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    VirtualMachine.objects.filter(pk=stopped.pk).update(name="gone.example.org")
    stopped.refresh_from_db()
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    ganeti.wait_for_jobs()
    cycle.run(stopped.cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "gone.example.org" in job.error


def test_a_queued_job_is_cancelled_by_a_worker(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.speed = 0.001  # nothing moves on while it waits
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    job.refresh_from_db()
    cancel(job, by=alice)
    job.refresh_from_db()
    assert job.cancel_requested_at
    runner.cancel(job)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.cancel_requested_at is None
    assert job.status == Status.CANCELLED or job.cancel_answer


def ends(job: Job) -> list[str]:
    """How the job ended, each time that the record says so."""
    events = Event.objects.filter(job_id=job.pk, action="job.ended").order_by("pk")
    return [(event.after or {})["status"] for event in events]


def test_an_end_is_recorded_once_in_the_name_of_who_asked(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    ganeti.wait_for_jobs()
    for _ in range(2):
        cycle.run(stopped.cluster, everything=True)
    assert ends(job) == ["done"]
    event = Event.objects.get(job_id=job.pk, action="job.ended")
    assert (event.actor_id, event.words.label, event.words.tone) == (alice.pk, "Start done:", "good")


def test_the_end_of_a_job_outlives_the_account_that_asked_for_it(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    alice.delete()
    ganeti.wait_for_jobs()
    cycle.run(stopped.cluster, everything=True)
    event = Event.objects.get(job_id=job.pk, action="job.ended")
    assert (event.actor_id, event.actor_name) == (None, "alice")


def test_what_a_cluster_refuses_to_take_has_its_end_in_the_record(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    Cluster.objects.filter(pk=job.cluster_id).update(password=seal("changed meanwhile"))
    runner.send(Job.objects.get(pk=job.pk))
    job.refresh_from_db()
    assert (job.status, ends(job)) == (Status.FAILED, ["failed"])
    event = Event.objects.get(job_id=job.pk, action="job.ended")
    assert (event.after or {})["error"] == job.error


def test_a_cancel_asked_for_while_it_could_not_be_sent_ends_it_and_is_recorded(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    cancel(job, by=alice)
    assert ends(job) == []  # it may have reached the cluster
    runner._released(job)
    job.refresh_from_db()
    assert (job.status, ends(job)) == (Status.CANCELLED, ["cancelled"])


def test_a_job_that_is_cancelled_on_the_cluster_has_its_end_in_the_record(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.speed = 0.001
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    job.refresh_from_db()
    cancel(job, by=alice)
    runner.cancel(job)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert ends(job) == (["cancelled"] if job.status == Status.CANCELLED else [])  # it may have begun already
