"""One worker process, and clusters that fail in every way at once: the others do not notice."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.simulator import SimulatedCluster
from tests.faults.browser import Browser
from tests.processes import Processes
from tests.waiting import until

pytestmark = pytest.mark.faults

HANGING = 6  # more than there are threads for clusters in trouble
FAILING = {"refuse": Trouble.UNREACHABLE, "401": Trouble.CREDENTIALS, "garbage": Trouble.ANSWER}
WELL = 4


def questions(ganeti: SimulatedCluster) -> int:
    """How often the cluster was asked what its machines do."""
    return sum(request.path == "/2/query/instance" for request in ganeti.requests)


def done(jobs: list[Job]) -> bool:
    """Whether all of them are."""
    rows = Job.objects.filter(pk__in=[job.pk for job in jobs])
    return {job.status for job in rows} == {Status.DONE}


@pytest.mark.parametrize("ganetis", [HANGING + len(FAILING) + WELL], indirect=True)
def test_those_that_answer_are_read_and_changed_as_ever(
    clusters: list[Cluster], ganetis: list[SimulatedCluster], processes: Processes, browser: Browser
) -> None:
    hanging, failing, well = ganetis[:HANGING], ganetis[HANGING:-WELL], ganetis[-WELL:]
    machines = [cluster.vms.count() for cluster in clusters]
    for ganeti in hanging:
        ganeti.fault("hang")
    for ganeti, fault in zip(failing, FAILING, strict=True):
        ganeti.fault(fault)  # type: ignore[arg-type]
    processes.start("redis", "web", "worker", "beat")

    def rows(which: list[SimulatedCluster]) -> list[Cluster]:
        return list(Cluster.objects.filter(slug__in=[ganeti.slug for ganeti in which]).order_by("pk"))

    def states() -> str:
        return str([(row.slug, row.trouble, row.last_error) for row in Cluster.objects.order_by("pk")])

    # All that hang have been asked and hold a thread, and everybody else goes on.
    until(lambda: all(questions(ganeti) or ganeti.requests for ganeti in hanging), but=states)
    until(lambda: [row.trouble for row in rows(failing)] == list(FAILING.values()), but=states)
    before = [questions(ganeti) for ganeti in well]
    jobs = [browser.starts(row.vms.earliest("sort_name")) for row in rows(well)]
    for job in jobs:
        until(lambda job=job: type(job).objects.get(pk=job.pk).status == Status.DONE, within_s=15)  # type: ignore[misc]
    until(
        lambda: all(questions(ganeti) > asked for ganeti, asked in zip(well, before, strict=True)),
        within_s=30,
    )
    assert {row.trouble for row in rows(well)} == {""}

    # Once their time is over, those that hang are known to; and still nobody else minds.
    until(lambda: all(row.failures for row in rows(hanging)), within_s=50, but=states)
    assert {row.trouble for row in rows(hanging)} == {Trouble.UNREACHABLE}
    assert f"{HANGING + len(FAILING)} of {len(ganetis)}" in browser.opens("/clusters/")
    again = browser.starts(rows(well)[0].vms.latest("sort_name"))
    until(lambda: done([again]), within_s=15)

    for ganeti in ganetis:
        ganeti.heal()
    # A refused password is not tried again for ten minutes, unless somebody who mended it asks.
    call_command("synccluster", failing[list(FAILING).index("401")].slug)
    until(lambda: not Cluster.objects.exclude(trouble="").exists(), within_s=60, but=states)
    assert [cluster.vms.filter(missing_since=None).count() for cluster in clusters] == machines
