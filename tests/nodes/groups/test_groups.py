"""Node groups, from their pages to what came of it on the cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, NodeGroup
from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.nodes import sync
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from tests.estate import signed_in
from tests.nodes.asking import asked, page, post, problems

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


@pytest.fixture
def group(cluster: Cluster) -> NodeGroup:
    return cluster.nodegroups.earliest("pk")


@pytest.fixture
def empty(cluster: Cluster, by_alice: Client, work: Work) -> NodeGroup:
    """A second group, made on its page."""
    done(created(by_alice, cluster, work, group_name="rack-b", alloc_policy="last_resort"))
    return cluster.nodegroups.get(name="rack-b")


def created(browser: Client, cluster: Cluster, work: Work, **typed: str) -> Job:
    answer = browser.post(f"/clusters/{cluster.slug}/-/new-group/", typed)
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == job.get_absolute_url()
    work(cluster)
    return job


def done(job: Job) -> Job:
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.DONE, "")
    return job


def test_a_group_is_made_on_its_cluster(empty: NodeGroup, by_alice: Client) -> None:
    assert empty.alloc_policy == "last_resort"
    job = Job.objects.get(command="create-group")
    assert naming.title(job) == "Create group rack-b"
    assert naming.line(job) == "gnt-group add --alloc-policy=last_resort rack-b"
    shown = by_alice.get(empty.get_absolute_url())
    assert "No nodes yet" in shown.content.decode()
    cluster_page = by_alice.get(empty.cluster.get_absolute_url()).content.decode()
    assert empty.get_absolute_url() in cluster_page
    assert f"/clusters/{empty.cluster.slug}/-/new-group/" in cluster_page


@pytest.mark.parametrize("name", ["", "two words", "a/b", "default", "..", "n" * 200, "a\0"])
def test_a_name_that_no_group_can_have_is_told(name: str, by_alice: Client, group: NodeGroup) -> None:
    taken = group.name if name == "default" else name
    answer = by_alice.post(
        f"/clusters/{group.cluster.slug}/-/new-group/", {"group_name": taken, "alloc_policy": "preferred"}
    )
    if "\0" in name:
        assert answer.status_code in {400, 422}
    else:
        assert problems(answer)["group_name"]
    assert not Job.objects.filter(command="create-group").exists()


def test_the_page_shows_nodes_policy_parameters_and_networks(by_alice: Client, group: NodeGroup) -> None:
    shown = by_alice.get(group.get_absolute_url())
    assert {row["node"].pk for row in shown.context["nodes"]} == set(group.nodes.values_list("pk", flat=True))
    bounds = {bound.title: bound for bound in shown.context["policy"].bounds}
    assert (bounds["Memory"].least, bounds["Memory"].most) == ("128 MiB", "32 GiB")
    assert bounds["Memory"].rule == "128 MiB"
    assert shown.context["policy"].source == "the cluster"
    assert {found.source for found in shown.context["parameters"]} == {"the cluster"}
    connected = {found["network"].name for found in shown.context["connections"]}
    assert connected <= set(group.cluster.networks.values_list("name", flat=True))
    assert connected


def test_the_page_says_whether_the_group_can_lose_a_node(by_alice: Client, group: NodeGroup) -> None:
    group.nodes.update(memory_free_mib=2**20)
    assert "Can lose a node" in by_alice.get(group.get_absolute_url()).content.decode()
    group.nodes.update(memory_free_mib=1)
    shown = by_alice.get(group.get_absolute_url()).content.decode()
    assert "Cannot lose a node" in shown
    assert "would lack" in shown


def test_a_group_gets_another_name(empty: NodeGroup, by_alice: Client, group: NodeGroup, work: Work) -> None:
    assert problems(post(by_alice, empty, "rename", new_name=group.name))["new_name"]
    job = asked(by_alice, empty, "rename", new_name="rack-c")
    work(empty.cluster)
    done(job)
    empty.refresh_from_db()
    assert empty.name == "rack-c"
    assert empty.get_absolute_url() in by_alice.get(job.get_absolute_url()).content.decode()


def test_settings_are_set_and_taken_away(by_alice: Client, group: NodeGroup, work: Work) -> None:
    assert problems(post(by_alice, group, "change", alloc_policy=group.alloc_policy))["__all__"]
    typed: dict[str, Any] = {
        "alloc_policy": "unallocable",
        "exclusive_storage": "false",
        "spindle_count": "3",
        "disks-drbd": "resync-rate=20000\nmeta-barriers=true\nprotocol=B",
    }
    job = asked(by_alice, group, "change", **typed)
    assert naming.line(job) == (
        "gnt-group modify --alloc-policy=unallocable "
        "--node-parameters=exclusive_storage=false,spindle_count=3 "
        f"-D drbd:meta-barriers=true,protocol=B,resync-rate=20000 {group.name}"
    )
    work(group.cluster)
    done(job)
    group.refresh_from_db()
    assert group.alloc_policy == "unallocable"
    assert group.details["custom_ndparams"] == {"spindle_count": 3, "exclusive_storage": False}
    own = {"resync-rate": 20000, "meta-barriers": True, "protocol": "B"}
    assert group.details["custom_diskparams"]["drbd"] == own
    node = group.nodes.earliest("pk")
    shown = {found.name: found for found in by_alice.get(node.get_absolute_url()).context["parameters"]}
    assert shown["spindle_count"].source == "its group"

    job = asked(
        by_alice, group, "change", alloc_policy="preferred", spindle_count="", **{"disks-drbd": "protocol=B"}
    )
    work(group.cluster)
    done(job)
    group.refresh_from_db()
    assert group.details["custom_ndparams"] == {}
    assert group.details["custom_diskparams"]["drbd"] == {"protocol": "B"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("no-such=1", "no parameter"),
        ("resync-rate=fast", "whole number"),
        ("resync-rate=-1", "whole number"),
        ("meta-barriers=perhaps", "true or false"),
        ("resync-rate", "name=value"),
    ],
)
def test_disk_parameters_that_cannot_be_are_told(
    lines: str, told: str, by_alice: Client, group: NodeGroup
) -> None:
    answer = post(by_alice, group, "change", alloc_policy="preferred", **{"disks-drbd": lines})
    assert told in problems(answer)["disks-drbd"][0]
    assert lines in answer.content.decode()


def test_a_policy_is_set_and_taken_away(by_alice: Client, group: NodeGroup, work: Work) -> None:
    assert problems(post(by_alice, group, "policy"))["__all__"]
    typed = {"max-memory-size": "8", "max-cpu-count": "4", "disk-templates": ["drbd"], "vcpu-ratio": "2.5"}
    job = asked(by_alice, group, "policy", **typed)
    assert "--ipolicy-disk-templates=drbd" in naming.line(job)
    assert "memory-size=8192" in naming.line(job)
    work(group.cluster)
    done(job)
    group.refresh_from_db()
    own = group.details["custom_ipolicy"]
    assert own["disk-templates"] == ["drbd"]
    assert own["vcpu-ratio"] == 2.5
    assert own["minmax"][0]["max"] | {"memory-size": 8192, "cpu-count": 4} == own["minmax"][0]["max"]
    assert own["minmax"][0]["min"] == group.cluster.info["ipolicy"]["minmax"][0]["min"]
    shown = by_alice.get(group.get_absolute_url()).context["policy"]
    assert (shown.source, shown.bounds[0].most) == ("this group", "8 GiB")
    job = asked(by_alice, group, "policy")
    work(group.cluster)
    done(job)
    group.refresh_from_db()
    assert group.details["custom_ipolicy"] == {}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("max-memory-size", "much"),
        ("max-cpu-count", "9" * 30),
        ("disk-templates", "stone"),
        ("vcpu-ratio", "inf"),
    ],
)
def test_limits_that_cannot_be_are_told(field: str, typed: str, by_alice: Client, group: NodeGroup) -> None:
    assert field in problems(post(by_alice, group, "policy", **{field: typed}))


def test_no_limit_is_less_than_the_least(by_alice: Client, group: NodeGroup) -> None:
    answer = post(by_alice, group, "policy", **{"min-memory-size": "4", "max-memory-size": "2"})
    assert problems(answer) == {"max-memory-size": ["Less than the 4 GiB that it has at least."]}


def test_nodes_are_assigned_and_machines_that_would_be_split_are_named_first(
    empty: NodeGroup,
    group: NodeGroup,
    by_alice: Client,
    node: Node,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = post(by_alice, empty, "assign", nodes=[node.name])
    (told,) = problems(answer)["force"]
    mirrored = empty.cluster.vms.filter(disk_template="drbd").order_by("sort_name")
    assert told.startswith(f"{mirrored.count()} machines would")
    assert mirrored[0].name in told
    assert 'name="force"' in answer.content.decode()
    assert not Job.objects.filter(command="assign-nodes").exists()
    job = asked(by_alice, empty, "assign", nodes=[node.name], force="on")
    topics: set[str] = set()
    monkeypatch.setattr(sync, "publish", lambda *published: topics.update(published))
    assert naming.line(job) == f"gnt-group assign-nodes --force rack-b {node}"
    work(empty.cluster)
    done(job)
    node.refresh_from_db()
    assert node.group == empty
    assert {f"nodegroup:{group.pk}", f"nodegroup:{empty.pk}"} <= topics  # pages that show either group


def test_all_nodes_together_split_nothing(empty: NodeGroup, by_alice: Client, cluster: Cluster) -> None:
    names = list(cluster.nodes.values_list("name", flat=True))
    job = asked(by_alice, empty, "assign", nodes=names)
    assert job.params["force"] is False


def test_no_node_is_chosen_that_is_there_already(by_alice: Client, group: NodeGroup, node: Node) -> None:
    assert "already" in page(by_alice, group, "assign").content.decode()
    assert problems(post(by_alice, group, "assign"))["nodes"] == ["Choose at least one node."]
    assert problems(post(by_alice, group, "assign", nodes=[node.name]))["nodes"]


def test_only_an_empty_group_is_removed(
    empty: NodeGroup, by_alice: Client, group: NodeGroup, work: Work
) -> None:
    assert "It still has 2 nodes." in page(by_alice, group, "remove").content.decode()
    assert post(by_alice, group, "remove", typed=group.name).status_code == 409
    assert problems(post(by_alice, empty, "remove", typed=group.name))["typed"]
    job = asked(by_alice, empty, "remove", typed=empty.name)
    work(empty.cluster)
    done(job)
    empty.refresh_from_db()
    assert empty.missing_since


def test_the_last_group_stays(by_alice: Client, group: NodeGroup) -> None:
    group.nodes.update(group=None)
    answer = post(by_alice, group, "remove", typed=group.name)
    assert (answer.status_code, "the only group" in answer.content.decode()) == (409, True)


def test_tags_come_and_go(by_alice: Client, group: NodeGroup, work: Work) -> None:
    asked(by_alice, group, "tags", tags="row:1 spare")
    work(group.cluster)
    asked(by_alice, group, "tags", tags="spare")
    work(group.cluster)
    group.refresh_from_db()
    assert group.tags == ["spare"]


def test_who_only_sees_a_group_is_told_why_he_may_not(alice: User, charlie: User, group: NodeGroup) -> None:
    grant(charlie, group.cluster, by=alice, role="viewer")
    browser = signed_in(charlie)
    assert browser.get(group.get_absolute_url()).status_code == 200
    assert post(browser, group, "tags", tags="mine").status_code == 403
    new = f"/clusters/{group.cluster.slug}/-/new-group/"
    assert browser.get(new).status_code == 403
    assert new not in browser.get(group.cluster.get_absolute_url()).content.decode()


def test_what_was_done_is_on_the_page_and_leads_there_from_the_record(
    by_alice: Client, group: NodeGroup, work: Work
) -> None:
    asked(by_alice, group, "tags", tags="row:1")
    work(group.cluster)
    shown = by_alice.get(group.get_absolute_url())
    assert [event.action for event in shown.context["events"]] == ["job.ended", "job.requested"]
    record = by_alice.get(f"/record/?about=nodegroup:{group.pk}").content.decode()
    assert group.get_absolute_url() in record
