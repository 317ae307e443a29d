"""The estate in numbers, by cluster: three questions to the database, however large it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, Sum

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.listing import ended_lately, stuck
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.models import VirtualMachine

# Sizes are in MiB.
PRESENT = Q(missing_since=None)
POWERED = PRESENT & (Q(status="running") | Q(admin_state="up"))  # as quotas count where only what runs does
STOPPED = ("ADMIN_down", "USER_down", "ADMIN_offline")

OF_MACHINES = {
    "machines": Count("pk", filter=PRESENT),
    "running": Count("pk", filter=PRESENT & Q(status="running")),
    "stopped": Count("pk", filter=PRESENT & Q(status__in=STOPPED)),
    "wrong": Count("pk", filter=PRESENT & Q(status__startswith="ERROR_")),
    "waiting": Count("pk", filter=PRESENT & Q(needs_restart=True)),
    "gone": Count("pk", filter=~PRESENT),
    "nobodys": Count("pk", filter=PRESENT & Q(owner=None)),
    "memory": Sum("memory_mib", filter=PRESENT),
    "cores": Sum("vcpus", filter=PRESENT),
    "disk": Sum("disk_mib", filter=PRESENT),
    "powered_memory": Sum("memory_mib", filter=POWERED),
    "powered_cores": Sum("vcpus", filter=POWERED),
}
OF_NODES = {
    "nodes": Count("pk", filter=PRESENT),
    "online": Count("pk", filter=PRESENT & ~Q(role=Node.Role.OFFLINE)),
    "offline": Count("pk", filter=Q(role=Node.Role.OFFLINE)),
    "gone": Count("pk", filter=~PRESENT),
    "memory": Sum("memory_total_mib", filter=PRESENT),
    "memory_free": Sum("memory_free_mib", filter=PRESENT),
    "disk": Sum("disk_total_mib", filter=PRESENT),
    "disk_free": Sum("disk_free_mib", filter=PRESENT),
}

Figures = Mapping[str, Any]


def machines(user: User) -> list[Figures]:
    """The machines that the person may see: a line for each cluster and project."""
    rows = policy.permitted(user, "view", VirtualMachine.objects.order_by())
    return list(rows.values("cluster_id", "owner_id").annotate(**OF_MACHINES))


def nodes(user: User) -> list[Figures]:
    """The nodes that the person may see: a line for each cluster."""
    rows = policy.permitted(user, "view", Node.objects.order_by())
    return list(rows.values("cluster_id").annotate(**OF_NODES))


def jobs(user: User) -> list[Figures]:
    """The jobs that somebody should look at: a line for each cluster that has some."""
    failed, hanging = Q(status=Status.FAILED) & ended_lately(), stuck()
    rows = policy.permitted(user, "view", Job.objects.filter(failed | hanging).order_by())
    return list(
        rows.values("cluster_id").annotate(
            failed=Count("pk", filter=failed), stuck=Count("pk", filter=hanging)
        )
    )


def by_cluster(lines: Iterable[Figures]) -> dict[int, Counter[str]]:
    """The lines of each cluster added up; what is unknown counts as nothing."""
    found: dict[int, Counter[str]] = {}
    for line in lines:
        sums = found.setdefault(line["cluster_id"], Counter())
        sums.update({name: value or 0 for name, value in line.items() if not name.endswith("_id")})
    return found
