"""Whether a group can lose a node, counted as Ganeti counts it."""

from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.clusters.capacity import given_by_group, group_lines
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cluster: Cluster) -> tuple[Node, Node]:
    """Two nodes of one group with 4 GiB free each, on which nothing stands."""
    cluster.vms.update(missing_since="2026-01-01T00:00:00Z")
    group = cluster.nodegroups.earliest("sort_name")
    cluster.nodes.update(group=group, memory_free_mib=4096, role=Node.Role.REGULAR)
    first, second = cluster.nodes.order_by("sort_name")[:2]
    return first, second


def stand(cluster: Cluster, on: tuple[Node, Node], *, memory_mib: int, **given: object) -> VirtualMachine:
    """A machine that is to run on the first node, with its mirror on the second."""
    vm = cluster.vms.exclude(missing_since=None).earliest("pk")
    values = {
        "missing_since": None,
        "primary_node": on[0],
        "secondary_node": on[1],
        "disk_template": "drbd",
        "admin_state": "up",
        "memory_mib": memory_mib,
        **given,
    }
    for name, value in values.items():
        setattr(vm, name, value)
    vm.save()
    return vm


def lacking(cluster: Cluster) -> list[tuple[str, str, int]]:
    lines = group_lines(cluster, cluster.nodegroups.all(), cluster.nodes.all(), given_by_group(cluster))
    return [lack for line in lines for lack in line.lacking]


def test_a_node_must_have_free_what_comes_from_any_one_other(
    cluster: Cluster, pair: tuple[Node, Node]
) -> None:
    stand(cluster, pair, memory_mib=3000)
    assert lacking(cluster) == []
    stand(cluster, pair, memory_mib=2000)
    first, second = pair
    assert lacking(cluster) == [(second.name, first.name, 5000 - 4096)]


def test_what_comes_from_different_nodes_is_not_added_up(cluster: Cluster, pair: tuple[Node, Node]) -> None:
    stand(cluster, pair, memory_mib=3000)
    stand(cluster, (pair[1], pair[0]), memory_mib=3000)
    assert lacking(cluster) == []


@pytest.mark.parametrize(
    "given",
    [
        {"admin_state": "down"},
        {"details": {"beparams": {"auto_balance": False}}},
        {"secondary_node": None, "disk_template": "plain"},
        {"primary_node": None},
    ],
)
def test_machines_that_would_not_be_taken_over_are_not_counted(
    cluster: Cluster, pair: tuple[Node, Node], given: dict[str, object]
) -> None:
    stand(cluster, pair, memory_mib=9000, **given)
    assert lacking(cluster) == []


def test_a_node_that_is_gone_cannot_be_lost(cluster: Cluster, pair: tuple[Node, Node]) -> None:
    stand(cluster, pair, memory_mib=9000)
    Node.objects.filter(pk=pair[0].pk).update(missing_since="2026-01-01T00:00:00Z")
    assert lacking(cluster) == []


def test_a_group_without_nodes_has_no_cores_and_one_that_does_not_tell_has_unknown_ones(
    cluster: Cluster, pair: tuple[Node, Node], by_alice: Client
) -> None:
    def cores() -> str:
        page = by_alice.get(cluster.get_absolute_url()).content.decode()
        return page.split('id="h-group-capacity"')[1].split('">for ')[1].split("<")[0]

    cluster.nodes.update(cpus=None)
    assert cores() == "unknown"
    cluster.nodes.update(missing_since="2026-01-01T00:00:00Z")
    assert cores() == "0"


def test_the_page_tells_it_in_words(cluster: Cluster, pair: tuple[Node, Node], by_alice: Client) -> None:
    stand(cluster, pair, memory_mib=6144)
    stand(cluster, pair, memory_mib=512, secondary_node=None, disk_template="plain")
    page = by_alice.get(cluster.get_absolute_url()).content.decode()
    assert f"If {pair[0]} were lost, {pair[1]} would lack 2 GiB of memory for its machines." in page
    assert "1 machine is on one node alone and would be lost with it." in page
    assert "Cannot lose a node" in page
