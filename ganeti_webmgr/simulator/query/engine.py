"""Answers queries: chooses rows, reads cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .cells import bare, cell
from .definitions import definition
from .qfilter import BadValue, compile_filter, names_looked_up
from .resources import RESOURCES, Read, Resource, Unknown

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

Rows = list[list[tuple[int, Any]]]


class UnknownName(Exception):
    """A lookup by name that found nothing fails as a whole."""


def query(cluster: SimulatedCluster, resource: Resource, fields: list[str], qfilter: Any) -> dict[str, Any]:
    """The query response, as JSON values; hold the cluster's lock."""
    reads = [resource.read(field) for field in fields]
    rows: Rows = [
        [(1, None) if read is None else cell(read(cluster, item)) for read in reads]
        for item in chosen(cluster, resource, qfilter)
    ]
    return {"data": rows, "fields": [definition(resource.name, field) for field in fields]}


def chosen(cluster: SimulatedCluster, resource: Resource, qfilter: Any) -> Iterable[Any]:
    """The objects the filter lets through."""
    if qfilter is None:
        return resource.rows(cluster)
    reads: dict[str, Read] = {}

    def field(name: str) -> Read:
        if name not in reads:
            read = resource.read(name)
            if read is None:
                raise BadValue(f"Can't find field named '{name}'")
            reads[name] = read
        return reads[name]

    test = compile_filter(qfilter, field)
    looked_up = _lookup(cluster, resource, qfilter)
    if looked_up is not None:
        return looked_up
    return [
        item
        for item in resource.rows(cluster)
        if test(lambda read, item=item: cell(read(cluster, item)))  # type: ignore[misc]
    ]


def _lookup(cluster: SimulatedCluster, resource: Resource, qfilter: Any) -> list[Any] | None:
    if resource.name == "job":
        ids = names_looked_up(qfilter, "id")
        jobs = cluster.queue.jobs
        return None if ids is None else [jobs.get(int(i)) or Unknown(int(i)) for i in ids]
    if resource.name not in ("instance", "node", "group", "network"):
        return None
    names = names_looked_up(qfilter, "name")
    if names is None:
        return None
    items = list(resource.rows(cluster))
    found = [(name, [item for item in items if _named(item.name, str(name))]) for name in names]
    for name, matches in found:
        if not matches:
            raise UnknownName(f"{resource.title} name {name} not found")
    keep = {matches[0].uuid for _, matches in found}
    return [item for item in items if item.uuid in keep]


def _named(full: str, wanted: str) -> bool:
    return full == wanted or full.startswith(wanted + ".")


def objects(
    cluster: SimulatedCluster, kind: str, fields: list[str], items: Iterable[Any]
) -> list[dict[str, Any]]:
    """The older form of an answer: one object each, without statuses."""
    resource = RESOURCES[kind]
    reads = [(field, resource.read(field)) for field in fields]
    return [{field: read and bare(read(cluster, item)) for field, read in reads} for item in items]
