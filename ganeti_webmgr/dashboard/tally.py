"""The estate in numbers, by cluster: three questions to the database, however large it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.listing import ended_lately, stuck
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.question import Question
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
    return _added_up(user, VirtualMachine, ("cluster_id", "owner_id"))


def nodes(user: User) -> list[Figures]:
    """The nodes that the person may see: a line for each cluster."""
    return _added_up(user, Node, ("cluster_id",))


def _added_up(user: User, model: type[VirtualMachine | Node], by: tuple[str, ...]) -> list[Figures]:
    if policy.sees_all(user):
        question = _of_all(model, by)
        return [*question.all()] if question else []
    return list(_lines(policy.permitted(user, "view", model._default_manager.order_by()), by))


@cache
def _of_all(model: type[VirtualMachine | Node], by: tuple[str, ...]) -> Question | None:
    """Of all rows, written down once: so many sums take longer to write than to add up."""
    return Question.of(_lines(model._default_manager.order_by(), by))


def _lines(rows: QuerySet[Any], by: tuple[str, ...]) -> QuerySet[Any, Any]:
    lines: QuerySet[Any, Any] = rows.values(*by).annotate(**(OF_NODES if rows.model is Node else OF_MACHINES))
    return lines


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
        sums.update({name: int(value or 0) for name, value in line.items() if not name.endswith("_id")})
    return found
