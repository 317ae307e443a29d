"""The parameters of nodes, with the place that each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.jobs.inherited import Inherited
from ganeti_webmgr.nodes.models import Node

OWN, OF_GROUP, OF_CLUSTER = "this node", "its group", "the cluster"

OF_NODES = (
    Inherited("oob_program", "text", "Out-of-band program", "A file on the master that switches its power."),
    Inherited("spindle_count", "int", "Spindles", "How many disks turn in it.", least=1),
    Inherited("ovs", "bool", "Open vSwitch"),
    Inherited("ovs_name", "text", "Switch of Open vSwitch"),
    Inherited("ovs_link", "text", "Link of Open vSwitch", "The card that leads outside."),
    Inherited("ssh_port", "int", "SSH port", least=1, most=65535),
    Inherited("cpu_speed", "float", "Speed of its CPUs", "1 is the usual one."),
)
# Ganeti refuses these on a single node.
OF_GROUPS = (
    *OF_NODES,
    Inherited("exclusive_storage", "bool", "Exclusive storage", "Machines share no spindles."),
)
TITLES = {parameter.name: parameter.title for parameter in OF_GROUPS}


@dataclass(frozen=True)
class Parameter:
    """A value that is in force, who set it, and what would be in force without that."""

    name: str
    value: Any
    source: str
    is_own: bool
    inherited: Any = None

    @property
    def title(self) -> str:
        return TITLES.get(self.name, "")


def of_node(node: Node) -> list[Parameter]:
    """Every parameter of the node."""
    own = node.details.get("custom_ndparams") or {}
    above = above_node(node)
    of_group = (node.group.details.get("custom_ndparams") if node.group else None) or {}
    return [
        Parameter(
            name,
            value,
            OWN if name in own else OF_GROUP if name in of_group else OF_CLUSTER,
            is_own=name in own,
            inherited=above.get(name) if name in own else None,
        )
        for name, value in sorted((node.details.get("ndparams") or {}).items())
    ]


def above_node(node: Node) -> Mapping[str, Any]:
    """What the node's parameters would be if none were set on it."""
    found = (node.group.details.get("ndparams") if node.group else None) or node.details.get("ndparams")
    return found or {}


def of_group(group: NodeGroup) -> list[Parameter]:
    """Every parameter that the group's nodes have from it."""
    own = group.details.get("custom_ndparams") or {}
    above = above_group(group)
    return [
        Parameter(
            name,
            value,
            "this group" if name in own else OF_CLUSTER,
            is_own=name in own,
            inherited=above.get(name) if name in own else None,
        )
        for name, value in sorted((group.details.get("ndparams") or {}).items())
    ]


def above_group(group: NodeGroup) -> Mapping[str, Any]:
    """What they would be if none were set on the group."""
    found = group.cluster.info.get("ndparams") or group.details.get("ndparams")
    return found or {}
