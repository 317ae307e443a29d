"""What a cluster that fails looks like to people, and that it comes back by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle, freshness
from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.faults import Kind
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.faults.browser import facts

pytestmark = [pytest.mark.faults, pytest.mark.django_db]


def everything_of(cluster: Cluster) -> list[Any]:
    """All rows that mirror the cluster, with all they hold."""
    relations = (cluster.vms, cluster.nodes, cluster.nodegroups, cluster.networks, cluster.jobs)
    return [list(relation.order_by("pk").values()) for relation in relations]


def asked(cluster: Cluster) -> Cluster:
    """The cluster's row after another round of questions."""
    cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)
    return Cluster.objects.get(pk=cluster.pk)


SAID = {Trouble.UNREACHABLE: "has not answered since"}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("refuse", (Trouble.UNREACHABLE, "Connection refused")),
        ("cut", (Trouble.UNREACHABLE, "cut off|reset by peer")),
        ("500", (Trouble.UNREACHABLE, "Internal Server Error")),
        ("401", (Trouble.CREDENTIALS, "Unauthorized")),
        ("garbage", (Trouble.ANSWER, "The answer is not one of Ganeti")),
    ],
)
def test_trouble_is_told_in_words_with_the_age_of_what_is_shown_and_passes_by_itself(
    fault: Kind,
    told: tuple[Trouble, str],
    stopped: VirtualMachine,
    ganeti: SimulatedCluster,
    by_alice: Client,
) -> None:
    cluster, (trouble, words) = stopped.cluster, told
    before, moment = everything_of(cluster), freshness.as_of([cluster])
    ganeti.fault(fault)
    failing = asked(cluster)
    assert failing.trouble == trouble
    assert (everything_of(cluster), freshness.as_of([cluster])) == (before, moment)
    page = facts(by_alice.get(cluster.get_absolute_url()))
    assert re.search(words, page)
    assert SAID.get(trouble, trouble.label) in page
    assert "next attempt" in page
    assert "next attempt" in facts(by_alice.get(stopped.get_absolute_url()))

    ganeti.heal()
    healed = asked(cluster)
    assert (healed.trouble, healed.failures, healed.last_error) == ("", 0, "")
    newer = freshness.as_of([cluster])[cluster.pk]
    assert newer
    assert newer > (moment[cluster.pk] or timezone.now())
    assert "next attempt" not in facts(by_alice.get(cluster.get_absolute_url()))


def test_an_answer_that_comes_late_is_an_answer(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    ganeti.fault("slow", delay_s=0.2)
    assert asked(cluster).trouble == ""


def test_an_empty_answer_loses_no_row_and_a_whole_one_brings_all_back(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    before = everything_of(cluster)
    ganeti.fault("empty")
    asked(cluster)
    for relation in (cluster.vms, cluster.nodes, cluster.nodegroups, cluster.networks):
        assert not relation.filter(missing_since=None).exists()
    ganeti.heal()
    asked(cluster)
    assert everything_of(cluster) == before


def test_an_empty_answer_ends_no_job(
    cluster: Cluster,
    ganeti: SimulatedCluster,
    alice: User,
    stopped: VirtualMachine,
    work: Callable[[Cluster], None],
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    ganeti.fault("empty")
    ganeti.wait_for_jobs()
    asked(cluster)
    job.refresh_from_db()
    assert job.status == Status.RUNNING
    ganeti.heal()
    work(cluster)
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_what_pages_show_is_not_called_fresh_where_only_other_questions_are_answered(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    moment = freshness.as_of([cluster])
    ganeti.fault("500", path="query/instance")
    assert asked(cluster).trouble == Trouble.UNREACHABLE
    assert freshness.as_of([cluster]) == moment


def test_a_cluster_whose_password_no_key_opens_says_so_and_its_jobs_wait(
    cluster: Cluster, ganeti: SimulatedCluster, alice: User, stopped: VirtualMachine, settings: Any
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    keys = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["5BGZ0LJ3gZQmTRDs9zVDyiy5uTsQ9MBDMk0PtE7FZQw="]
    before = len(ganeti.requests)
    failing = asked(cluster)
    assert (failing.trouble, len(ganeti.requests)) == (Trouble.CREDENTIALS, before)
    assert "None of the field keys opens" in failing.last_error
    assert not runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.REQUESTED

    settings.FIELD_KEYS = keys
    assert asked(cluster).trouble == ""
    assert runner.send(Job.objects.get(pk=job.pk))


def test_a_certificate_authority_that_is_none_is_told_as_the_clusters_trouble(cluster: Cluster) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(tls=Cluster.Tls.OWN_CA, ca_pem="nonsense")
    failing = asked(cluster)
    assert failing.trouble
    assert "not a CA certificate" in failing.last_error
