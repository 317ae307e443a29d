"""What the form holds when it is opened: nothing said yet, or what was asked for before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk
from ganeti_webmgr.vms.creation.form import AUTOMATIC, GROUP, NODES, SIZES
from ganeti_webmgr.vms.hypervisors import told

FIRST_DISK_MIB = 10 * 1024
FIRST = Blueprint(vcpus=1, memory_mib=2048, memory_min_mib=2048, disks=(Disk(size_mib=FIRST_DISK_MIB),))


@dataclass(frozen=True)
class Start:
    """Where the form begins: a blueprint, with names, project and cluster where they are known.

    `granted` are hypervisor parameters that may be used though the person could not set them.
    """

    plan: Blueprint = FIRST
    names: tuple[str, ...] = ()
    project: str = ""
    cluster: str = ""
    hidden: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    granted: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = True  # nothing was asked for before
    job: int | None = None
    batch: str = ""
    template: int | None = None
    may_change: bool = False  # that template
    title: str = ""


def fields_of(start: Start) -> dict[str, Any]:
    """The initial values of the form's single fields."""
    plan = start.plan
    preset = next((name for name, size in SIZES.items() if size == (plan.vcpus, plan.memory_mib)), "own")
    if plan.memory_min_mib != plan.memory_mib:
        preset = "own"
    return {
        "project": start.project,
        "cluster": start.cluster,
        "name": " ".join(start.names),
        "os": plan.os,
        "hypervisor": plan.hypervisor,
        "size": preset,
        "vcpus": plan.vcpus,
        "memory_mib": plan.memory_mib,
        "memory_min_mib": plan.memory_min_mib if plan.memory_min_mib != plan.memory_mib else None,
        "disk_template": plan.disk_template,
        "file_driver": plan.file_driver,
        "file_storage_dir": plan.file_storage_dir,
        "placement": NODES if plan.primary_node else GROUP if plan.group else AUTOMATIC,
        "allocator": plan.allocator,
        "group": plan.group,
        "primary_node": plan.primary_node,
        "secondary_node": plan.secondary_node,
        "together": True,
        "start": plan.start,
        "install": plan.install,
        "name_check": plan.name_check,
        "ip_check": plan.ip_check,
        "wait_for_sync": plan.wait_for_sync,
        "ignore_policy": plan.ignore_policy,
        "auto_balance": told(plan.beparams.get("auto_balance", "")),
        "always_failover": told(plan.beparams.get("always_failover", "")),
        "tags": " ".join(plan.tags),
        "notes": plan.notes,
    }


def disks_of(start: Start, template: str) -> list[dict[str, Any]]:
    """The rows of disks."""
    if template == "diskless":
        return []
    rows = [asdict(disk) for disk in start.plan.disks]
    for row in rows:
        row["params"] = " ".join(f"{name}={value}" for name, value in row["params"].items())
    return rows


def nics_of(start: Start) -> list[dict[str, Any]]:
    """The rows of interfaces: one as the cluster has it, where nothing was said yet."""
    if start.is_new:
        return [{}]
    return [{**asdict(nic), "ip": "" if nic.ip == "pool" else nic.ip} for nic in start.plan.nics]


def free_of(start: Start, described: frozenset[str]) -> list[dict[str, Any]]:
    """The rows of what the system is told that is not described; of what is hidden only the names."""
    public = [{"name": name, "value": value} for name, value in start.plan.osparams.items()]
    hidden = [{"name": name, "visibility": shown} for name, shown in start.plan.hidden_osparams.items()]
    return [row for row in [*public, *hidden] if row["name"] not in described]
