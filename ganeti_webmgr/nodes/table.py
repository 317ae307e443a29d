"""The list of nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ganeti_webmgr.clusters.counting import present
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.nodes.filters import NodeFilter
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.status import state_of
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.tables import Column, Table, at


@dataclass(frozen=True)
class Line:
    """A node as the list shows it."""

    node: Node
    state: State
    as_of: datetime | None


def lines(rows: Iterable[Node]) -> list[Line]:
    nodes = list(rows)
    moments = as_of(node.cluster for node in nodes)
    return [Line(node, state_of(node), moments[node.cluster_id]) for node in nodes]


of_node = partial(at, row="node")
optional = partial(of_node, is_extra=True)

NODES: Table[Node, Line] = Table(
    key="nodes",
    name="Nodes",
    view="nodes:index",
    rows=Node.objects.all,
    lines=lines,
    filter=NodeFilter,
    is_personal=True,
    reads=(
        "name",
        "role",
        "missing_since",
        "cluster__slug",
        "cluster__trouble",
        "cluster__synced_at",
    ),
    columns=(
        of_node("name", "name", "Node", sort="sort_name"),
        Column("state", "State", {"state": lambda line: line.state.label}),
        Column(
            "role",
            "Role",
            {"role": lambda line: line.node.get_role_display()},
            sort="role",
            classes="hide-md",
        ),
        of_node("cluster__name", "cluster", "Cluster"),
        of_node("group__name", "group", "Group", sort="group__sort_name", classes="hide-md"),
        optional("primary_ip", "address", "Address"),
        optional("secondary_ip", "second_address", "Second address"),
        of_node("machines", "machines", "Machines", by=present(Node, "primary_vms"), classes="r"),
        optional("mirrors", "mirrors", "Secondary of", by=present(Node, "secondary_vms"), classes="r"),
        Column(
            "memory",
            "Memory",
            {
                "memory_total_mib": lambda line: line.node.memory_total_mib,
                "memory_free_mib": lambda line: line.node.memory_free_mib,
            },
            sort="memory_free_mib",
            reads=("memory_total_mib", "memory_free_mib"),
        ),
        Column(
            "disk",
            "Disk",
            {
                "disk_total_mib": lambda line: line.node.disk_total_mib,
                "disk_free_mib": lambda line: line.node.disk_free_mib,
            },
            sort="disk_free_mib",
            reads=("disk_total_mib", "disk_free_mib"),
        ),
        optional("cpus", "cpus", "CPU", classes="r"),
        optional("uuid", "uuid", "UUID", sort=""),
    ),
)
