"""The list of machines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models.fields.json import KT

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.tables import Column, Table, at
from ganeti_webmgr.vms.filters import MachineFilter
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import state_of


@dataclass(frozen=True)
class Line:
    """A machine as the list shows it."""

    vm: VirtualMachine
    state: State
    as_of: datetime | None


def lines(rows: Iterable[VirtualMachine]) -> list[Line]:
    vms = list(rows)
    jobs = open_jobs(vms)
    moments = as_of(vm.cluster for vm in vms)
    return [Line(vm, state_of(vm, jobs.get(vm.pk)), moments[vm.cluster_id]) for vm in vms]


of_vm = partial(at, row="vm")
optional = partial(of_vm, is_extra=True)

MACHINES: Table[VirtualMachine, Line] = Table(
    key="machines",
    name="Virtual machines",
    view="vms:index",
    rows=VirtualMachine.objects.all,
    lines=lines,
    filter=MachineFilter,
    is_personal=True,
    scanning=("q", "tag", "node"),
    reads=(
        "name",
        "status",
        "missing_since",
        "lock_reason",
        "needs_restart",
        "cluster__slug",
        "cluster__trouble",
        "cluster__synced_at",
    ),
    columns=(
        of_vm("name", "name", "Name", sort="sort_name"),
        Column(
            "status",
            "Status",
            {
                "status": lambda line: line.state.label,
                "locked": lambda line: line.vm.lock_reason,
                "needs_restart": lambda line: line.vm.needs_restart,
            },
            sort="status",
        ),
        of_vm("cluster__name", "cluster", "Cluster"),
        optional("owner__name", "project", "Project", named="project"),
        of_vm("primary_node__name", "node", "Node", sort="primary_node__sort_name", classes="hide-md"),
        optional("secondary_node__name", "secondary", "Secondary", sort="secondary_node__sort_name"),
        optional("os", "os", "System"),
        optional("hypervisor", "hypervisor", "Hypervisor"),
        Column(
            "addresses",
            "Addresses",
            {"addresses": lambda line: ", ".join(line.vm.addresses)},
            reads=("address_lines",),
            is_extra=True,
        ),
        Column(
            "tags",
            "Tags",
            {"tags": lambda line: ", ".join(line.vm.tags)},
            reads=("tag_lines",),
            is_extra=True,
        ),
        of_vm("memory_mib", "memory", "Memory", classes="r"),
        of_vm("vcpus", "vcpus", "vCPU", classes="r"),
        of_vm("disk_mib", "disk", "Disk", classes="r"),
        optional("disk_template", "disks", "Disk template"),
        optional("created", "created", "Created", by=KT("details__ctime")),
        optional("uuid", "uuid", "UUID", sort=""),
    ),
)
