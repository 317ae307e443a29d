"""One job of Ganeti in our words: the fields of a Job row."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.apps import apps

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.vocabulary import busy, label

STATUS = {"success": Status.DONE, "error": Status.FAILED, "canceled": Status.CANCELLED}
LOG_LINES_KEPT = 500


class Targets:
    """What stands on a cluster by name, asked for only when a job names something of that kind."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    @cached_property
    def vms(self) -> dict[str, int]:
        return self._names("vms.VirtualMachine")

    @cached_property
    def nodes(self) -> dict[str, int]:
        return self._names("nodes.Node")

    @cached_property
    def groups(self) -> dict[str, int]:
        return self._names("clusters.NodeGroup")

    @cached_property
    def networks(self) -> dict[str, int]:
        return self._names("clusters.Network")

    def _names(self, model: str) -> dict[str, int]:
        rows = apps.get_model(model)._default_manager.filter(cluster=self._cluster, missing_since=None)
        return dict(rows.values_list("name", "pk"))


def read(row: rapi.JobRow, targets: Targets, job: Job) -> dict[str, Any]:
    """The fields of the job's row as Ganeti tells them; what only we know is left out."""
    fields = {
        "ganeti_id": row.id,
        "ganeti_status": row.status,
        "status": STATUS.get(row.status, Status.RUNNING),
        "operations": [
            {
                "op": op.get("OP_ID", ""),
                "label": label(op.get("OP_ID", "")),
                "busy": busy(op.get("OP_ID", "")),
                "status": status,
            }
            for op, status in zip(row.ops, row.opstatus, strict=False)
        ],
        "log": [[entry.at.isoformat() if entry.at else "", entry.text] for entry in row.log][
            -LOG_LINES_KEPT:
        ],
        "result": list(row.opresult or ()),
        "warnings": row.warnings,
        # Empty where there is none: it may have been given up for lost before.
        "error": row.error.message if row.error else "",
        "error_class": row.error.klass if row.error else "",
        "error_code": (row.error and row.error.code) or "",
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }
    if not job.command:
        fields |= _foreign(row, targets, job)
    return fields


def _foreign(row: rapi.JobRow, targets: Targets, job: Job) -> dict[str, Any]:
    first = row.ops[0] if row.ops else {}
    # An operation on tags names its target in general words.
    tagged = {first.get("kind"): first.get("name")}
    vm = first.get("instance_name") or tagged.get("instance") or ""
    node = "" if vm else first.get("node_name") or tagged.get("node") or ""
    network = first.get("network_name") or tagged.get("network") or ""
    # What connects a network to a group is about the network.
    group = "" if network else first.get("group_name") or tagged.get("nodegroup") or ""
    return {
        # Once known it stays: the job may be the one that renames it.
        "vm_id": job.vm_id or (targets.vms.get(vm) if vm else None),
        "node_id": job.node_id or (targets.nodes.get(node) if node else None),
        "group_id": job.group_id or (targets.groups.get(group) if group else None),
        "network_id": job.network_id or (targets.networks.get(network) if network else None),
        "target_name": vm or node or network or group,
        "origin": job.parent.origin if job.parent else origin(row),
        "created_at": row.received_at or job.created_at,
    }


def origin(row: rapi.JobRow) -> str:
    """Who began the job, as well as its reason trail tells."""
    said = [reason.text for reason in row.reason_trail if reason.source == "gnt:user" and reason.text]
    sources = " ".join(reason.source for reason in row.reason_trail)
    if "gnt:watcher" in sources:
        tool = "watcher"
    elif "gnt:client" in sources:
        tool = "command line"
    elif "rlib2" in sources:
        tool = "another program"
    else:
        tool = "Ganeti"
    return f"{tool}: {said[0]}"[:200] if said else tool
