"""Where the rows of each queried resource come from, and how their fields are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cells import NO_DATA, UNAVAILABLE
from .definitions import definitions
from .instances import getters
from .jobs import GETTERS as JOB_GETTERS
from .networks import NETWORK_GETTERS
from .nodes import GROUP_GETTERS, NODE_GETTERS

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

Read = Callable[["SimulatedCluster", Any], Any]


@dataclass(frozen=True)
class Resource:
    """One word after `/2/query/`; `title` is Ganeti's in "Instance name x not found"."""

    name: str
    title: str
    rows: Callable[[SimulatedCluster], Iterable[Any]]
    read: Callable[[str], Read | None]


def natural(name: str) -> list[Any]:
    """Sorts vm2 before vm10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _sorted(
    pick: Callable[[SimulatedCluster], dict[str, Any]],
) -> Callable[[SimulatedCluster], Iterable[Any]]:
    return lambda cluster: sorted(pick(cluster).values(), key=lambda item: natural(item.name))


def _of_config(table: dict[str, Callable[..., Any]]) -> Callable[[str], Read | None]:
    def read(field: str) -> Read | None:
        getter = table.get(field)
        return None if getter is None else lambda cluster, item: getter(cluster.config, item)

    return read


def _read_job(field: str) -> Read | None:
    if field == "archived":
        return lambda cluster, job: UNAVAILABLE if isinstance(job, Unknown) else job.archived(cluster.now())
    getter = JOB_GETTERS.get(field)
    if getter is None:
        return None
    if field == "id":
        return lambda _, job: job.id
    return lambda _, job: UNAVAILABLE if isinstance(job, Unknown) else getter(job)


def _read_key(table: str) -> Callable[[str], Read | None]:
    def read(field: str) -> Read | None:
        return (lambda _, row: row[field]) if field in definitions(table) else None

    return read


@dataclass(frozen=True)
class Unknown:
    """Stands for a job that does not exist."""

    id: int


def _exports(cluster: SimulatedCluster) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for node in sorted(cluster.nodes.values(), key=lambda node: natural(node.name)):
        exports: list[Any] = [*node.exports] or [NO_DATA]
        rows += [{"node": node.name, "export": name} for name in exports]
    return rows


_INSTANCE_GETTERS = getters(list(definitions("instance")))
RESOURCES = {
    resource.name: resource
    for resource in (
        Resource("instance", "Instance", _sorted(lambda c: c.instances), _of_config(_INSTANCE_GETTERS)),
        Resource("node", "Node", _sorted(lambda c: c.nodes), _of_config(NODE_GETTERS)),
        Resource("group", "Group", _sorted(lambda c: c.groups), _of_config(GROUP_GETTERS)),
        Resource("network", "Network", _sorted(lambda c: c.networks), _of_config(NETWORK_GETTERS)),
        Resource("job", "Job", lambda c: c.queue.listed(), _read_job),
        Resource("lock", "Lock", lambda c: c.queue.locks.rows(), _read_key("lock")),
        Resource("export", "Export", _exports, _read_key("export")),
        Resource("filter", "Filter", lambda c: c.filter_rules.ordered(), _read_key("filter")),
    )
}
