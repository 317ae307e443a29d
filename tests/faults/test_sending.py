"""Whatever breaks while a job is sent: it is sent once, or not at all and the row says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import runner, tasks
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import cancel, request_job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import Reinstall, Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.faults.browser import facts
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.django_db]


def arrived(ganeti: SimulatedCluster, job: Job) -> int:
    """How often the job's request reached the cluster."""
    return sum(job.token in str(request.query) for request in ganeti.requests)


def at_once(call: Callable[[], object], *, times: int) -> list[threading.Thread]:
    """So many threads that call it at the same moment, as those of workers would."""
    together = threading.Barrier(times)

    def run() -> None:
        together.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(times)]
    for thread in threads:
        thread.start()
    return threads


def moved_back(job: Job) -> None:
    """Makes it have been sent so long ago that it must have arrived by now."""
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=10))


def test_an_answer_that_was_lost_is_found_by_its_reason_even_where_it_was_given_up(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    moved_back(job)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.FAILED

    with connect(cluster) as client:  # it arrives after all
        client.instances.start(stopped.name, reason=job.reason)
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert (job.status, job.error, job.ganeti_id) == (Status.DONE, "", ganeti.jobs[-1].id)


def test_a_request_that_was_cut_off_before_it_was_read_is_told_as_not_arrived_and_not_resent(
    alice: User,
    stopped: VirtualMachine,
    cluster: Cluster,
    ganeti: SimulatedCluster,
    by_alice: Client,
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    ganeti.fault("refuse", method="PUT", times=1)  # the request is read, and the connection reset
    assert not runner.send(job)
    cycle.run(cluster, everything=True)
    assert "Outcome unknown" in facts(by_alice.get(job.get_absolute_url()))
    moved_back(job)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert (job.status, arrived(ganeti, job)) == (Status.FAILED, 1)
    assert "did not arrive" in facts(by_alice.get(job.get_absolute_url()))
    assert ganeti.status(stopped.name) == "ADMIN_down"


def test_of_what_leaves_no_trace_nobody_is_told_that_nothing_was_done(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster, by_alice: Client
) -> None:
    job = request_job(by=alice, command=Reinstall(), on=stopped)
    ganeti.fault("lose_answer", path="reinstall", times=1)
    assert not runner.send(job)
    ganeti.wait_for_jobs()
    moved_back(job)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert (job.status, job.ganeti_id) == (Status.FAILED, None)
    told = facts(by_alice.get(job.get_absolute_url()))
    assert "it may have been done. Look at the jobs of the cluster" in told
    assert "Nothing was done" not in told
    # There it stands as one of somebody else.
    done = Job.objects.get(vm=stopped, status=Status.DONE)
    assert (done.command, done.requested_by) == ("", None)


def test_where_the_follower_is_first_the_sender_changes_nothing(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    with connect(cluster) as client:
        number = client.instances.start(stopped.name, reason=job.reason)
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job.accepted(number)
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_a_job_that_begins_others_with_its_reason_stays_what_it_is(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    with connect(cluster) as client:
        number = client.instances.start(stopped.name, reason=job.reason)
        child = client.instances.shutdown(stopped.name, timeout_s=1, reason=job.reason)
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert (job.ganeti_id, job.operations[0]["op"]) == (number, "OP_INSTANCE_STARTUP")
    assert Job.objects.get(ganeti_id=child).command == ""


def test_a_lost_job_is_found_under_a_number_below_those_already_seen(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    ganeti.fault("lose_answer", method="PUT", times=1)
    runner.send(job)
    cluster.last_job_id = ganeti.jobs[-1].id + 3  # higher ones were listed first
    cluster.save()
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_a_job_that_ganeti_has_forgotten_does_not_stay_open_for_ever(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    ganeti.wait_for_jobs()
    with ganeti.change():
        ganeti.queue.jobs.clear()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "has forgotten" in job.error


def test_a_job_that_was_cancelled_while_its_cluster_refused_is_not_sent_later(
    alice: User, stopped: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    cancel(Job.objects.get(pk=job.pk), by=alice)
    job.release()  # what a worker does when it finds that nothing reached the cluster
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    runner.send(job)
    assert arrived(ganeti, job) == 0


@pytest.mark.django_db(transaction=True)
def test_however_often_and_wherever_it_is_delivered_it_is_sent_once(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    for thread in at_once(lambda: runner.send(Job.objects.get(pk=job.pk)), times=8):
        thread.join()
    tasks.send_waiting(cluster.pk)
    job.refresh_from_db()
    assert (job.status, arrived(ganeti, job)) == (Status.RUNNING, 1)


@pytest.mark.django_db(transaction=True)
def test_a_cluster_that_hangs_holds_one_thread_however_much_is_to_be_sent_there(
    alice: User, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    jobs = [request_job(by=alice, command=Start(), on=vm) for vm in cluster.vms.all()]
    ganeti.fault("hang", method="PUT")
    threads = at_once(lambda: tasks.send_waiting(cluster.pk), times=8)
    until(lambda: sum(thread.is_alive() for thread in threads) == 1)
    until(lambda: arrived(ganeti, jobs[0]))
    assert [arrived(ganeti, job) for job in jobs] == [1] + [0] * (len(jobs) - 1)

    ganeti.heal()
    for thread in threads:
        thread.join(20)
    for waiting in jobs[1:]:
        waiting.refresh_from_db()
        assert waiting.status == Status.REQUESTED
    tasks.send_waiting(cluster.pk)
    assert [arrived(ganeti, job) for job in jobs] == [1] * len(jobs)


def test_what_waits_is_sent_in_the_order_in_which_it_was_asked_for(
    alice: User, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    machines = cluster.vms.order_by("-sort_name")
    jobs = [request_job(by=alice, command=Start(), on=vm) for vm in machines]
    tasks.send_waiting(cluster.pk)
    sent = [request.path.split("/")[3] for request in ganeti.requests if request.method == "PUT"]
    assert [name for name in sent if name in ganeti.instances] == [job.target_name for job in jobs]
