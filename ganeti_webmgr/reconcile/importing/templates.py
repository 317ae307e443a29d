"""Templates, published on their clusters."""

from __future__ import annotations

import io
import pickle
from typing import Any

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.reconcile.importing.known import Known, text
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.models import MachineTemplate
from ganeti_webmgr.vms.saved.services import reusable

HVPARAMS = {
    "kernel_path": "kernel_path",
    "root_path": "root_path",
    "boot_order": "boot_order",
    "cdrom_image_path": "cdrom_image_path",
    "cdrom2_image_path": "cdrom2_image_path",
    "disk_type": "disk_type",
    "nic_type": "nic_type",
}
LEAST_MIB = 128


def bring_templates(source: Source, known: Known, report: Report) -> None:
    """Those that somebody saved; what was kept for a machine under way is none."""
    report.part("Templates")
    for row in source.rows("templates"):
        name = text(row, "template_name", 100)
        if row.get("temporary") or not name:
            continue
        cluster = known.clusters.get(row.get("cluster_id") or 0)
        if cluster is None:
            report.could_not(f"{name}: it is of no cluster that was brought over")
            continue
        with report.one(f"{name} on {cluster}"):
            _bring(row, name, cluster, known, report)


def _bring(row: Row, name: str, cluster: Cluster, known: Known, report: Report) -> None:
    if MachineTemplate.objects.filter(name=name, cluster=cluster, owner=None).exists():
        report.same(f"{name} on {cluster}")
        return
    plan = reusable(_plan(row))
    template = MachineTemplate.objects.create(
        name=name, description=text(row, "description"), cluster=cluster, blueprint=plan.as_data()
    )
    record("template.made", template, by=known.by, after={"name": name, "cluster": str(cluster)})
    report.did(f"{name} on {cluster}: published there, not looked at by Ganeti")


def _plan(row: Row) -> Blueprint:
    memory = int(row.get("memory") or LEAST_MIB)
    hvparams: dict[str, Any] = {
        ours: text(row, theirs) for theirs, ours in HVPARAMS.items() if text(row, theirs)
    }
    if row.get("serial_console"):
        hvparams["serial_console"] = True
    return Blueprint(
        os=text(row, "os"),
        hypervisor=text(row, "hypervisor"),
        vcpus=int(row.get("vcpus") or 1),
        memory_mib=memory,
        memory_min_mib=int(row.get("minmem") or memory),
        disk_template=text(row, "disk_template"),
        disks=tuple(Disk(size_mib=int(disk["size"])) for disk in _unpacked(row.get("disks"))),
        nics=tuple(
            Nic(mode=str(nic.get("mode", "")), link=str(nic.get("link", "")))
            for nic in _unpacked(row.get("nics"))
        ),
        primary_node=text(row, "pnode"),
        secondary_node=text(row, "snode"),
        start=bool(row.get("start", True)),
        install=not row.get("no_install"),
        name_check=bool(row.get("name_check")),
        ip_check=bool(row.get("ip_check")),
        hvparams=hvparams,
    )


class _Plain(pickle.Unpickler):
    """Reads lists, numbers and texts: whatever would call something is refused before it is called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def _unpacked(kept: object) -> list[dict[str, Any]]:
    """A list that the original kept as a pickle; ValueError where it is something else."""
    if not kept:
        return []
    packed = kept if isinstance(kept, bytes) else str(kept).encode()
    try:
        found = _Plain(io.BytesIO(packed), encoding="utf-8").load()
    except Exception as error:
        raise ValueError(f"its disks or interfaces cannot be read: {error}") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError("its disks or interfaces are no list")
    return found
