"""Whose the machines were, and what was noted of them: for those that are known here already."""

from __future__ import annotations

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.reconcile.importing.known import Known, text
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source
from ganeti_webmgr.vms.models import VirtualMachine

LATER = "not seen on its cluster so far. Import once more when that was read"


def bring_machines(source: Source, known: Known, report: Report) -> None:
    """Owners and notes of machines that have none here; one is known by its cluster and its name."""
    report.part("Machines")
    for row in source.rows("machines"):
        name, cluster = text(row, "hostname"), known.clusters.get(row["cluster_id"])
        if cluster is None:
            report.could_not(f"{name}: its cluster was not brought over")
            continue
        vm = cluster.vms.select_related("owner", "cluster").filter(name=name, missing_since=None).first()
        if vm is None:
            report.could_not(f"{name} on {cluster}: {LATER}")
            continue
        known.machines[row["id"]] = vm
        with report.one(f"{name} on {cluster}"):
            _bring(row, vm, known, report)


def _bring(row: Row, vm: VirtualMachine, known: Known, report: Report) -> None:
    project = known.project_of(row.get("owner_id"))
    before = {"owner": str(vm.owner) if vm.owner else None}
    if vm.owner:
        kept = "" if project in (None, vm.owner) else f"; there it was {project}'s"
        (report.could_not if kept else report.same)(f"{vm}: belongs to {vm.owner}{kept}")
    elif project:
        vm.owner = project
        vm.save(update_fields=["owner"])
        record("owner.changed", vm, by=known.by, before=before, after={"owner": str(project)})
        report.did(f"{vm}: belongs to {project}")
    elif row.get("owner_id"):
        report.could_not(f"{vm}: its owner was not brought over")
    notes = text(row, "note_text")
    if notes and not vm.notes:
        vm.notes = notes
        vm.save(update_fields=["notes"])
        record("notes.changed", vm, by=known.by, before={"notes": ""}, after={"notes": notes})
        report.did(f"{vm}: its notes")
