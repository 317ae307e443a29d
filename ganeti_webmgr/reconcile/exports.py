"""What the files of the lists have of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from ganeti_webmgr.lists.exports import sheet
from ganeti_webmgr.reconcile.kinds import Kind
from ganeti_webmgr.reconcile.showing import lines
from ganeti_webmgr.vms.models import FormerName
from ganeti_webmgr.vms.ownership import Claim

Line = dict[str, Any]
Cells = Mapping[str, Callable[[Any], object]]


def of_row(field: str) -> Callable[[Line], object]:
    return lambda line: getattr(line["row"], field)


def named(line: Line) -> str:
    """Whom the tags name; why nobody, where that is so."""
    return ", ".join(said(claim) for claim in line["claims"])


def said(claim: Claim) -> str:
    return str(claim.owner) if claim.owner else claim.why


def owner(line: Line) -> object:
    return line["row"].owner and line["row"].owner.name


def last_job(line: Line) -> object:
    return line["last"] and line["last"].title


EVERY: Cells = {
    "name": of_row("name"),
    "cluster": lambda line: line["row"].cluster.name,
    "uuid": of_row("uuid"),
}
CELLS: Mapping[str, Cells] = {
    "nobodys": {
        **EVERY,
        "memory_mib": of_row("memory_mib"),
        "vcpus": of_row("vcpus"),
        "disk_mib": of_row("disk_mib"),
        "tags_name": named,
        "seen_since": of_row("first_seen_at"),
    },
    "tags": {**EVERY, "owner": owner, "tags": lambda line: ", ".join(line["tags"]), "tags_name": named},
    "gone": {
        **EVERY,
        "owner": owner,
        "missing_since": of_row("missing_since"),
        "primary_node": lambda line: line["row"].primary_node and line["row"].primary_node.name,
        "last_job": last_job,
        "last_job_by": lambda line: line["last"] and line["last"].job.origin,
        "last_job_at": lambda line: line["last"] and line["last"].job.created_at,
    },
    "gone-nodes": {
        **EVERY,
        "group": lambda line: line["row"].group and line["row"].group.name,
        "missing_since": of_row("missing_since"),
        "seen_since": of_row("first_seen_at"),
    },
}
RENAMED: Cells = {
    "name": lambda former: former.vm.name,
    "former_name": lambda former: former.name,
    "cluster": lambda former: former.vm.cluster.name,
    "uuid": lambda former: former.vm.uuid,
    "owner": lambda former: former.vm.owner and former.vm.owner.name,
    "noticed": lambda former: former.seen_at,
}


def as_csv(kind: Kind, rows: QuerySet[Any]) -> Iterator[str]:
    """One of the lists, with all that its lines show."""
    return sheet(CELLS[kind.key], lambda some: lines(kind, some), rows)


def renamed_as_csv(rows: QuerySet[FormerName]) -> Iterator[str]:
    """The list of machines that somebody renamed."""
    return sheet(RENAMED, list, rows)
