"""Jobs about what is no machine: nodes, groups, networks and the cluster as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.commands import REGISTRY, Command
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.naming import title
from ganeti_webmgr.jobs.services import Conflict, hindrance, request_job
from ganeti_webmgr.jobs.targets import target_of
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.simulator import SimulatedCluster

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


@dataclass(frozen=True, kw_only=True)
class Mark(Command[Any]):
    """Puts a tag on it."""

    name = "test-mark"
    label = "Mark"
    busy = "Being marked"
    icon = "tag"
    permission = "tags"
    looks_first = True

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.add_tags(target, ["marked"], reason=reason)

    def line(self, target: str) -> str:
        return f"mark {target}"


@dataclass(frozen=True, kw_only=True)
class Announce(Command[Cluster]):
    """What the request itself does, and may do twice."""

    name = "test-announce"
    label = "Announce"
    busy = "Announcing"
    icon = "tag"
    permission = "admin"
    is_immediate: ClassVar[bool] = True

    def names(self, on: Cluster) -> str:
        return f"{on} at large"

    def send(self, client: rapi.Client, *, target: str, reason: str) -> None:
        client.filters.replace("11111111-1111-4111-8111-111111111111", action="ACCEPT")

    def line(self, target: str) -> str:
        return "announce"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, Mark.name, Mark)
    monkeypatch.setitem(REGISTRY, Announce.name, Announce)


@pytest.fixture
def node(cluster: Cluster) -> Node:
    return cluster.nodes.earliest("sort_name")


def test_a_command_on_a_node_is_sent_followed_and_told_of(alice: User, node: Node, work: Work) -> None:
    job = request_job(by=alice, command=Mark(), on=node)
    assert (job.node, target_of(job), title(job)) == (node, node, f"Mark {node}")
    assert "this node" in hindrance(Mark, node)
    work(node.cluster)
    job.refresh_from_db()
    node.refresh_from_db()
    assert job.status == Status.DONE
    assert "marked" in node.details["tags"]
    assert hindrance(Mark, node) == ""


def test_the_database_holds_one_open_intent_for_each_object(alice: User, node: Node) -> None:
    job = request_job(by=alice, command=Mark(), on=node)
    with pytest.raises(Conflict):
        request_job(by=alice, command=Mark(), on=node)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(cluster=node.cluster, node=node, command=job.command, target_name=node.name)


def test_what_stands_on_a_cluster_is_for_those_who_operate_it(charlie: User, node: Node) -> None:
    with pytest.raises(policy.Denied):
        request_job(by=charlie, command=Mark(), on=node)


def test_a_name_that_has_passed_to_another_object_is_not_hit(
    alice: User, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    Node.objects.filter(pk=node.pk).update(uuid="00000000-0000-0000-0000-000000000000")
    node.refresh_from_db()
    job = request_job(by=alice, command=Mark(), on=node)
    runner.send(job)
    job.refresh_from_db()
    assert (job.status, job.ganeti_id) == (Status.FAILED, None)
    assert f"{node} is not the node any more" in job.error


def test_a_cluster_is_never_busy_as_a_whole(alice: User, cluster: Cluster) -> None:
    first = request_job(by=alice, command=Announce(), on=cluster)
    second = request_job(by=alice, command=Announce(), on=cluster)
    assert target_of(first) == cluster
    assert title(second) == f"Announce {cluster} at large"


def test_what_is_done_at_once_has_ended_when_it_was_sent(alice: User, cluster: Cluster) -> None:
    job = request_job(by=alice, command=Announce(), on=cluster)
    runner.send(job)
    job.refresh_from_db()
    assert (job.status, job.ganeti_id) == (Status.DONE, None)
    assert job.ended_at


def test_what_is_done_at_once_is_sent_again_where_its_answer_was_lost(
    alice: User, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Announce(), on=cluster)
    ganeti.fault("lose_answer", path="^/2/filters", times=1)
    runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.REQUESTED
    assert runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_what_is_done_at_once_is_sent_again_where_its_worker_was_lost(alice: User, cluster: Cluster) -> None:
    job = request_job(by=alice, command=Announce(), on=cluster)
    assert job.claim()
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=5))
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.REQUESTED


def test_the_jobs_that_a_job_begins_belong_to_it(
    alice: User, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    job = request_job(by=alice, command=Mark(), on=node)
    work(node.cluster)
    with connect(node.cluster) as client:
        client.nodes.add_tags(node.name, ["more"], reason=job.reason)
    work(node.cluster)
    (child,) = job.children.all()
    assert (child.command, child.origin, child.node) == ("", job.origin, node)
