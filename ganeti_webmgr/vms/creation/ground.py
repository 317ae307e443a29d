"""What a cluster has to build on, as far as a form must know it; all of it from our own tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Max

from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup, OperatingSystem, plain_title
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.vms.hypervisors import Parameter, offered

OF_SYSTEM, OF_CLUSTER = "the operating system", "the cluster"
FIRST_ALLOCATOR = "hail"  # comes with Ganeti


@dataclass(frozen=True)
class Inherited:
    """A hypervisor parameter with the value that a machine has without being told, and whose that is."""

    parameter: Parameter
    value: Any
    source: str


class Offered(NamedTuple):
    """An operating system to choose; of some hundred, whole rows take 2 ms."""

    name: str
    title: str
    family: str
    hidden: bool

    @property
    def label(self) -> str:
        return self.title or plain_title(self.name)


@dataclass(frozen=True)
class Room:
    """The most that one node has."""

    total_mib: int | None
    free_mib: int | None


class Ground:
    """One cluster with its systems, networks and groups."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.info: Mapping[str, Any] = cluster.info

    @property
    def is_known(self) -> bool:
        """Whether the cluster ever told what it has."""
        return bool(self.info)

    @property
    def templates(self) -> list[str]:
        return list(self.info.get("enabled_disk_templates", []))

    @property
    def hypervisors(self) -> list[str]:
        return list(self.info.get("enabled_hypervisors", []))

    @property
    def allocator(self) -> str:
        """The cluster's own; empty where each machine must say."""
        return str(self.info.get("default_iallocator") or "")

    @property
    def nic(self) -> dict[str, str]:
        """What an interface is without being told."""
        return dict(self.info.get("nicparams", {}).get("default", {}))

    @property
    def volume_group(self) -> str:
        return str(self.info.get("volume_group_name") or "")

    @cached_property
    def systems(self) -> list[Offered]:
        """As far as they are chosen from; `system` tells everything of one."""
        rows = self.cluster.systems.filter(missing_since=None)
        in_order = rows.order_by("position", "title", "sort_name", "pk")
        return [Offered(*row) for row in in_order.values_list("name", "title", "family", "hidden")]

    @cached_property
    def networks(self) -> list[Network]:
        return list(self.cluster.networks.filter(missing_since=None).order_by("sort_name", "pk"))

    @cached_property
    def groups(self) -> list[NodeGroup]:
        return list(self.cluster.nodegroups.filter(missing_since=None).order_by("sort_name", "pk"))

    @cached_property
    def nodes(self) -> list[Node]:
        """The nodes that machines can be put on."""
        rows = self.cluster.nodes.filter(missing_since=None).exclude(
            role__in=[Node.Role.DRAINED, Node.Role.OFFLINE]
        )
        return list(
            rows.select_related("group").defer("details", "group__details").order_by("sort_name", "pk")
        )

    def system(self, name: str) -> OperatingSystem | None:
        """The operating system of that name; None where the cluster has none."""
        return self.cluster.systems.filter(missing_since=None, name=name).first() if name else None

    def network(self, name: str) -> Network | None:
        return next((network for network in self.networks if network.name == name), None)

    def policies(self, group: str) -> dict[str, Mapping[str, Any]]:
        """By name of the group, the rules of each in which the machine may come to stand."""
        found = {
            f"The group {row.name}": row.details.get("ipolicy") or self.info.get("ipolicy", {})
            for row in self.groups
            if row.name == group or (not group and row.alloc_policy != "unallocable")
        }
        return found or {str(self.cluster): self.info.get("ipolicy", {})}

    def room(self, group: str) -> Room:
        """The most memory of any node that may come in question."""
        rows = self.cluster.nodes.filter(missing_since=None).exclude(
            role__in=[Node.Role.DRAINED, Node.Role.OFFLINE]
        )
        if group:
            rows = rows.filter(group__name=group)
        most = rows.aggregate(total=Max("memory_total_mib"), free=Max("memory_free_mib"))
        return Room(most["total"], most["free"])

    def inherited(self, hypervisor: str, system: str) -> list[Inherited]:
        """Every parameter of the hypervisor that the cluster knows, as a machine of that system has it."""
        of_cluster = self.info.get("hvparams", {}).get(hypervisor, {})
        of_system = self.info.get("os_hvp", {}).get(system, {}).get(hypervisor, {})
        return [
            Inherited(
                parameter,
                of_system.get(parameter.name, of_cluster[parameter.name]),
                OF_SYSTEM if parameter.name in of_system else OF_CLUSTER,
            )
            for parameter in offered(hypervisor, of_cluster)
        ]
