"""Workers that are killed in the middle of sending."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.simulator import SimulatedCluster
from tests.faults.browser import Browser
from tests.faults.sent import sent
from tests.processes import Processes
from tests.waiting import until

pytestmark = pytest.mark.faults


def arrived(ganeti: SimulatedCluster, job: Job) -> int:
    """How often the job's request reached the cluster."""
    return sum(job.token in str(request.query) for request in ganeti.requests)


def statuses(jobs: list[Job]) -> list[str]:
    rows = dict(Job.objects.values_list("pk", "status"))
    return [rows[job.pk] for job in jobs]


def test_ten_workers_killed_between_sending_and_saving_send_nothing_twice_and_lose_nothing(
    cluster: Cluster, ganeti: SimulatedCluster, processes: Processes, browser: Browser
) -> None:
    processes.start("redis", "web", "worker", "beat")
    jobs = []
    for vm in cluster.vms.order_by("sort_name")[:10]:
        # Ganeti takes it half a second after the worker has died.
        ganeti.fault("slow", method="PUT", path="startup", times=1, delay_s=0.5)
        job = browser.starts(vm)
        until(lambda job=job: arrived(ganeti, job))  # type: ignore[misc]
        processes.kill("worker")
        assert statuses([job]) == [Status.UNKNOWN]
        processes.start("worker")
        jobs.append(job)
    until(lambda: set(statuses(jobs)) == {Status.DONE}, but=lambda: statuses(jobs), within_s=40)
    assert [arrived(ganeti, job) for job in jobs] == [1] * 10
    reasons = [reason for job in ganeti.jobs for reason in job.reasons]
    assert sorted(reasons) == sorted(job.reason for job in jobs)


def test_what_a_killed_worker_had_claimed_and_not_sent_is_told_honestly(
    cluster: Cluster, ganeti: SimulatedCluster, processes: Processes, browser: Browser
) -> None:
    processes.start("redis", "web", "worker", "beat")
    ganeti.fault("hang", method="PUT", path="startup", times=1)  # Ganeti never takes it
    job = browser.starts(cluster.vms.earliest("sort_name"))
    until(lambda: arrived(ganeti, job))
    processes.kill("worker")
    processes.start("worker")
    assert "Outcome unknown" in browser.opens(job.get_absolute_url())
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=10))
    until(lambda: statuses([job]) == [Status.FAILED], within_s=30)
    assert "did not arrive" in browser.opens(job.get_absolute_url())
    assert (arrived(ganeti, job), sent(ganeti)) == (1, [])


def test_two_workers_that_hear_many_bells_send_once(
    cluster: Cluster, ganeti: SimulatedCluster, processes: Processes, browser: Browser
) -> None:
    processes.start("redis", "web", "worker", "worker-2", "beat")
    jobs = [browser.starts(vm) for vm in cluster.vms.order_by("sort_name")]
    for _ in range(20):
        processes.ring("jobs.send", cluster.pk)
    until(lambda: set(statuses(jobs)) == {Status.DONE}, but=lambda: statuses(jobs), within_s=30)
    assert [arrived(ganeti, job) for job in jobs] == [1] * len(jobs)
