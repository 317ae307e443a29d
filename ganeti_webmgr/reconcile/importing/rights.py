"""What people and groups were given on clusters and machines."""

from __future__ import annotations

from typing import Any

from ganeti_webmgr.permissions.granting import bring_over
from ganeti_webmgr.permissions.holders import holding
from ganeti_webmgr.reconcile.importing.known import Known
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source

NOTE = "From the original Ganeti Web Manager"
# What each of its permissions let one do there, in ours.
ON_CLUSTERS = {
    "admin": {"admin"},
    "create_vm": {"create_vm"},
    "migrate": {"view", "migrate"},
    "replace_disks": {"view", "replace_disks"},
}
ON_MACHINES = {
    "admin": {"admin"},
    "power": {"view", "power", "console"},
    "modify": {"view", "modify"},
    "remove": {"view", "remove", "reinstall"},
    "tags": {"view"},
}
# These let one do nothing there, and would here.
EMPTY = {"export", "tags"}


def bring_rights(source: Source, known: Known, report: Report) -> None:
    """Rights of those who hold none on the object here yet; those that they hold here are left."""
    report.part("Rights on clusters")
    for row in source.rows("cluster_rights"):
        _bring(row, known.clusters.get(row["obj_id"]), ON_CLUSTERS, known, report)
    report.part("Rights on machines")
    for row in source.rows("machine_rights"):
        _bring(row, known.machines.get(row["obj_id"]), ON_MACHINES, known, report)


def _bring(row: Row, on: Any, meaning: dict[str, set[str]], known: Known, report: Report) -> None:
    holder = known.holder(row)
    if on is None or holder is None:
        return
    name = f"{getattr(holder, 'project', None) or holder} on {on}"
    with report.one(name):
        if meaning is ON_CLUSTERS and (empty := sorted(word for word in EMPTY if row.get(word))):
            report.could_not(f"{name}: {' and '.join(empty)} let nobody do anything there")
        permissions = _meant(row, meaning)
        if not permissions:
            return
        if holding(holder, on):
            report.same(name)
            return
        bring_over(holder, on, by=known.by, permissions=permissions, note=NOTE)
        report.did(f"{name}: {', '.join(sorted(permissions))}")
        if "migrate" in permissions:
            report.could_not(f"{name}: migrate was for nodes as well; here that is Operator")


def _meant(row: Row, meaning: dict[str, set[str]]) -> frozenset[str]:
    held = frozenset().union(*(meaning[word] for word in meaning if row.get(word)))
    return frozenset({"admin"}) if "admin" in held else held
