"""Starts of machines, as the jobs tell of them that began here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.vms import pending
from ganeti_webmgr.vms.models import VirtualMachine

OF_INTEREST = {
    "OP_INSTANCE_CREATE",
    "OP_INSTANCE_FAILOVER",
    "OP_INSTANCE_REBOOT",
    "OP_INSTANCE_SET_PARAMS",
    "OP_INSTANCE_SHUTDOWN",
    "OP_INSTANCE_STARTUP",
}


def observe(ended: Iterable[tuple[Job, rapi.JobRow]]) -> None:
    """Takes in what the jobs, which have just ended, say about with which settings their machines run."""
    told = [(job, row) for job, row in ended if job.vm_id and OF_INTEREST & {_word(op) for op in row.ops}]
    rows = VirtualMachine.objects.select_related("cluster").in_bulk(
        {job.vm_id for job, _ in told if job.vm_id}
    )
    for job, row in told:
        vm = rows.get(job.vm_id or 0)
        if vm and row.ended_at:
            _take_in(vm, row, at=row.ended_at)
    for vm in rows.values():
        if vm.oper_state and vm.started_with == {}:
            vm.started_with = None  # stopped by one of the jobs, and it runs: started by something unseen
        vm.needs_restart = pending.needs_restart(vm)
    VirtualMachine.objects.bulk_update(rows.values(), ["started_with", "needs_restart"])


def _take_in(vm: VirtualMachine, row: rapi.JobRow, *, at: datetime) -> None:
    results = row.opresult or [None] * len(row.ops)
    for op, status, result in zip(row.ops, row.opstatus, results, strict=False):
        if status != "success" or op.get("dry_run"):
            continue
        match _word(op):
            case "OP_INSTANCE_SHUTDOWN":
                vm.started_with = {}
            case "OP_INSTANCE_STARTUP":
                # Of one that ran already it changes nothing.
                if vm.started_with == {}:
                    pending.booted(vm, at=at)
            case "OP_INSTANCE_REBOOT":
                if op.get("reboot_type") != "soft" or vm.started_with == {}:
                    pending.booted(vm, at=at)
            case "OP_INSTANCE_FAILOVER" | "OP_INSTANCE_CREATE":
                pending.booted(vm, at=at)
            case "OP_INSTANCE_SET_PARAMS":
                if vm.started_with and _was_plugged(result):
                    vm.started_with = {**vm.started_with, **pending.devices_of(vm)}


def _word(op: Any) -> str:
    return str(op.get("OP_ID", ""))


def _was_plugged(result: Any) -> bool:
    """Whether the running machine got its changed devices at once (reference, 2.8)."""
    changes = [change for change in result or () if isinstance(change, list) and len(change) == 2]
    return any(change[1] == "hotplug:done" for change in changes)
