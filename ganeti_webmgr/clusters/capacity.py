"""What each group of a cluster has, what of it is used and given away, and whether it can lose a node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum

from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import mib

if TYPE_CHECKING:
    from ganeti_webmgr.clusters.models import Cluster, NodeGroup

OFFLINE = "O"
# Kinds of disks that are only on the machine's own node.
ON_ONE_NODE = ("plain", "file")
# Machines that Ganeti itself counts: those that are to run, and that it may move by itself.
COUNTED = Q(missing_since=None, admin_state="up") & ~Q(details__beparams__auto_balance=False)


# What is added up of machines.
GIVEN = {
    "memory_mib": Sum("memory_mib"),
    "disk_mib": Sum("disk_mib"),
    "vcpus": Sum("vcpus"),
    "machines": Count("pk"),
    "running": Count("pk", filter=Q(status="running")),
    "stopped": Count("pk", filter=Q(status="ADMIN_down")),
    "from_inside": Count("pk", filter=Q(status="USER_down")),
    "offline": Count("pk", filter=Q(status="ADMIN_offline")),
    "wrong": Count("pk", filter=Q(status__startswith="ERROR_")),
    "alone": Count("pk", filter=Q(disk_template__in=ON_ONE_NODE, admin_state="up")),
}
# And of nodes.
HAD = {
    "memory_mib": "memory_total_mib",
    "memory_free_mib": "memory_free_mib",
    "disk_mib": "disk_total_mib",
    "disk_free_mib": "disk_free_mib",
    "cpus": "cpus",
}

Figures = Mapping[str, int]


@dataclass
class GroupLine:
    """One group, added up; `lacking` has each node that could not take over, and how much it lacks."""

    group: NodeGroup
    nodes: int
    capacity: Mapping[str, int | None]
    given: Figures
    lacking: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def alone(self) -> int:
        return self.given["alone"]

    @property
    def state(self) -> State:
        """Whether every machine that can be taken over would be, if any one node were lost (N+1)."""
        if self.lacking:
            return State("warn", "alert-triangle", "Cannot lose a node", pill=True)
        if self.alone:
            return State("quiet", "circle-check", "Can lose a node, in part")
        return State("good", "circle-check-filled", "Can lose a node")

    @property
    def told(self) -> list[str]:
        """What stands against it, in words."""
        told = [
            f"If {lost} were lost, {taker} would lack {mib(lack)} of memory for its machines."
            for taker, lost, lack in self.lacking
        ]
        if self.alone:
            are = "machine is" if self.alone == 1 else "machines are"
            told.append(f"{self.alone} {are} on one node alone and would be lost with it.")
        return told


def capacity_of(nodes: Iterable[Any]) -> dict[str, int | None]:
    """What the nodes have, added up; None where none of them told."""
    rows = list(nodes)
    told = {
        name: [value for node in rows if (value := getattr(node, attribute)) is not None]
        for name, attribute in HAD.items()
    }
    return {name: sum(values) if values else None for name, values in told.items()}


def given_by_group(cluster: Cluster) -> dict[int | None, Figures]:
    """What the machines of the cluster were given, by the group of their primary node."""
    present = cluster.vms.filter(missing_since=None).order_by()
    rows: Iterable[Any] = present.values("primary_node__group").annotate(**GIVEN)
    return {row["primary_node__group"]: row for row in rows}


def added(given: Iterable[Figures]) -> Figures:
    """What was given in several groups, or in none."""
    rows = list(given)
    return {name: sum(row[name] or 0 for row in rows) for name in GIVEN}


def group_lines(
    cluster: Cluster, groups: Iterable[NodeGroup], nodes: Iterable[Any], given: Mapping[int | None, Figures]
) -> list[GroupLine]:
    """A line for each of these groups of the cluster; `nodes` are those of its nodes that are in them."""
    rows, takers, lines = list(nodes), {}, {}
    for group in groups:
        own = [node for node in rows if node.group_id == group.pk]
        sums = added([given[group.pk]] if group.pk in given else [])
        lines[group.pk] = GroupLine(group, len(own), capacity_of(own), sums)
        takers.update({node.pk: node for node in own})
    for row in _mirrored(cluster):
        # As `gnt-cluster verify` counts: a node must have free what comes from any one other.
        taker = takers.get(row["secondary_node"])
        if taker is None or taker.role == OFFLINE or taker.memory_free_mib is None:
            continue
        if (lack := row["memory_mib"] - taker.memory_free_mib) > 0:
            lines[taker.group_id].lacking.append((taker.name, row["primary_node__name"], lack))
    return list(lines.values())


def _mirrored(cluster: Cluster) -> QuerySet[Any, Any]:
    """By the node that would take over and the one that would be lost, the memory that comes."""
    both = Q(secondary_node__isnull=False, primary_node__isnull=False, primary_node__missing_since=None)
    rows = cluster.vms.filter(COUNTED, both).order_by()
    return rows.values("secondary_node", "primary_node__name").annotate(memory_mib=Sum("memory_mib"))
