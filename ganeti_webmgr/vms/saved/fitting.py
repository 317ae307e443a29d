"""Whether a cluster can still make what a template asks for, and what it lacks where it cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup, OperatingSystem
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.wording import mib, spelled, words
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.ground import Ground
from ganeti_webmgr.vms.creation.limits import problems

Known = dict[int, set[str]]


@dataclass(frozen=True)
class Fit:
    """One cluster, with what it lacks; nothing where it fits."""

    cluster: Cluster
    lacks: list[str]

    @property
    def text(self) -> str:
        return words(self.lacks)


class Estate:
    """What several clusters have, read at once."""

    def __init__(self, clusters: Iterable[Cluster]) -> None:
        self.clusters = list(clusters)
        here = {"cluster__in": [cluster.pk for cluster in self.clusters], "missing_since": None}
        self.systems = _names(OperatingSystem.objects.filter(**here).values_list("cluster", "name"))
        self.networks = _names(Network.objects.filter(**here).values_list("cluster", "name"))
        self.groups: dict[int, list[NodeGroup]] = defaultdict(list)
        for group in NodeGroup.objects.filter(**here).order_by("sort_name", "pk"):
            self.groups[group.cluster_id].append(group)
        usable = Node.objects.filter(**here).exclude(role__in=[Node.Role.DRAINED, Node.Role.OFFLINE])
        self.nodes = _names(usable.values_list("cluster", "name"))
        most = usable.values("cluster").annotate(most=Max("memory_total_mib")).values_list("cluster", "most")
        self.memory = dict(most.order_by())

    def fits(self, plan: Blueprint) -> list[Fit]:
        """Of each cluster, whether the plan fits it."""
        return [Fit(cluster, list(self._lacks(plan, cluster))) for cluster in self.clusters]

    def fit(self, plan: Blueprint, cluster_pk: int) -> Fit | None:
        """Whether it fits that one of them."""
        found = next((cluster for cluster in self.clusters if cluster.pk == cluster_pk), None)
        return Fit(found, list(self._lacks(plan, found))) if found else None

    def _lacks(self, plan: Blueprint, cluster: Cluster) -> Iterable[str]:
        ground = Ground(cluster)
        ground.groups = self.groups[cluster.pk]
        if not ground.is_known:
            yield "it has not told yet what it has"
            return
        if plan.os and plan.os not in self.systems[cluster.pk]:
            yield f"it has no system {plan.os}"
        if plan.hypervisor and plan.hypervisor not in ground.hypervisors:
            yield f"{spelled(plan.hypervisor)} is not enabled"
        if plan.disk_template and plan.disk_template not in ground.templates:
            yield f"disks of the kind {spelled(plan.disk_template)} are not enabled"
        for name in dict.fromkeys(nic.network for nic in plan.nics if nic.network):
            if name not in self.networks[cluster.pk]:
                yield f"it has no network {name}"
        if plan.group and plan.group not in {group.name for group in ground.groups}:
            yield f"it has no group {plan.group}"
        for node in filter(None, (plan.primary_node, plan.secondary_node)):
            if node not in self.nodes[cluster.pk]:
                yield f"{node} is not there for machines"
        most = self.memory.get(cluster.pk)
        if most is not None and plan.memory_mib > most:
            yield f"no node has {mib(plan.memory_mib)}"
        if not plan.ignore_policy:
            yield from (text.rstrip(".") for text in problems(plan, ground.policies(plan.group)).values())


def _names(rows: Iterable[tuple[int, str]]) -> Known:
    found: Known = defaultdict(set)
    for cluster, name in rows:
        found[cluster].add(name)
    return found
