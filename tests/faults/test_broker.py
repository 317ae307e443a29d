"""Redis is a bell: whatever becomes of it, nothing is lost and no page minds."""

from __future__ import annotations

import pytest
import redis

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.simulator import SimulatedCluster
from tests.faults.browser import Browser
from tests.faults.sent import sent
from tests.processes import Processes
from tests.waiting import until

pytestmark = pytest.mark.faults


def done(jobs: list[Job]) -> bool:
    """Whether all of them are."""
    rows = Job.objects.filter(pk__in=[job.pk for job in jobs])
    return {job.status for job in rows} == {Status.DONE}


def test_a_redis_that_forgets_everything_loses_no_job(
    cluster: Cluster, ganeti: SimulatedCluster, processes: Processes, browser: Browser
) -> None:
    ganeti.speed = 3  # a start takes about two seconds
    processes.start("redis", "web", "worker", "beat")
    jobs = []
    with redis.Redis.from_url(processes.redis_url) as broker:
        for vm in cluster.vms.order_by("sort_name")[:5]:
            jobs.append(browser.starts(vm))
            broker.flushall()
        until(lambda: any(job.status == "running" for job in ganeti.jobs))
        broker.flushall()
    assert Job.objects.open().exists()
    until(lambda: done(jobs), within_s=40)
    assert len(sent(ganeti)) == len(jobs)


def test_while_redis_is_gone_pages_and_clicks_work_and_afterwards_all_is_done(
    cluster: Cluster, ganeti: SimulatedCluster, processes: Processes, browser: Browser
) -> None:
    processes.start("redis", "web", "worker", "beat")
    machines = list(cluster.vms.order_by("sort_name"))
    jobs = [browser.starts(machines[0])]
    until(lambda: done(jobs))
    processes.kill("redis")
    jobs += [browser.starts(vm) for vm in machines[1:4]]  # and each page comes in time
    for page in ("/vms/", "/clusters/", "/nodes/", "/jobs/", machines[1].get_absolute_url()):
        browser.opens(page)
    assert not done(jobs)
    processes.start("redis")
    until(lambda: done(jobs), within_s=60)
    assert len(sent(ganeti)) == len(jobs)
