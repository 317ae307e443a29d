"""What each group of a cluster has, what of it is used and given away, and whether it can lose a node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import mib

if TYPE_CHECKING:
    from ganeti_webmgr.clusters.models import Cluster

OFFLINE = "O"
# Kinds of disks that are only on the machine's own node.
ON_ONE_NODE = ("plain", "file")
# Machines that Ganeti itself counts: those that are to run, and that it may move by itself.
COUNTED = Q(missing_since=None, admin_state="up") & ~Q(details__beparams__auto_balance=False)


@dataclass
class GroupLine:
    """One group, added up; `lacking` has each node that could not take over, and how much it lacks."""

    name: str
    nodes: int = 0
    figures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    given: Mapping[str, Any] = field(default_factory=dict)
    alone: int = 0
    lacking: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def memory_used_mib(self) -> int:
        return self.figures["memory_total_mib"] - self.figures["memory_free_mib"]

    @property
    def disk_used_mib(self) -> int:
        return self.figures["disk_total_mib"] - self.figures["disk_free_mib"]

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


def group_lines(cluster: Cluster) -> list[GroupLine]:
    """The groups in their order; the machines of no known group are left out."""
    lines = {
        pk: GroupLine(name)
        for pk, name in cluster.nodegroups.filter(missing_since=None)
        .order_by("sort_name", "pk")
        .values_list("pk", "name")
    }
    nodes = {node["pk"]: node for node in _nodes(cluster) if node["group"] in lines}
    for node in nodes.values():
        line = lines[node["group"]]
        line.nodes += 1
        for name in ("memory_total_mib", "memory_free_mib", "disk_total_mib", "disk_free_mib", "cpus"):
            line.figures[name] += node[name] or 0
    for row in _given(cluster):
        if row["primary_node__group"] in lines:
            lines[row["primary_node__group"]].given = row
            lines[row["primary_node__group"]].alone = row["alone"]
    for taker, lost, lack in _lacking(_mirrored(cluster), nodes):
        lines[nodes[taker]["group"]].lacking.append((nodes[taker]["name"], nodes[lost]["name"], lack))
    return list(lines.values())


def _nodes(cluster: Cluster) -> list[Any]:
    names = ("pk", "name", "group", "role", "memory_total_mib", "memory_free_mib")
    rows = cluster.nodes.filter(missing_since=None).order_by("sort_name", "pk")
    return list(rows.values(*names, "disk_total_mib", "disk_free_mib", "cpus"))


def _given(cluster: Cluster) -> list[Any]:
    present = cluster.vms.filter(missing_since=None).order_by()
    sums = present.values("primary_node__group").annotate(
        memory_mib=Sum("memory_mib"),
        vcpus=Sum("vcpus"),
        alone=Count("pk", filter=Q(disk_template__in=ON_ONE_NODE, admin_state="up")),
    )
    return list(sums)


def _mirrored(cluster: Cluster) -> list[Any]:
    """By the node that would take over and the one that would be lost, the memory that comes."""
    rows = cluster.vms.filter(COUNTED, secondary_node__isnull=False).order_by()
    return list(rows.values("secondary_node", "primary_node").annotate(memory_mib=Sum("memory_mib")))


def _lacking(
    mirrored: Iterable[Mapping[str, Any]], nodes: Mapping[int, Mapping[str, Any]]
) -> Iterable[tuple[int, int, int]]:
    """As `gnt-cluster verify` counts: a node must have free what comes from any one other."""
    for row in mirrored:
        taker, lost = row["secondary_node"], row["primary_node"]
        if taker not in nodes or lost not in nodes or nodes[taker]["role"] == OFFLINE:
            continue
        free = nodes[taker]["memory_free_mib"]
        if free is not None and row["memory_mib"] > free:
            yield taker, lost, row["memory_mib"] - free
