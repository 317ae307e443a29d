"""What somebody has who runs no cluster: machines, how they are, and how much more there may be."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Case, Count, Q, Value, When, Window

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.listing import described, open_jobs
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.usage import of_projects
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import state_of
from ganeti_webmgr.vms.views import topics

MOST_MACHINES = 12
MOST_PROJECTS = 3
MOST_JOBS = 6
SHOWN = (
    "name",
    "status",
    "missing_since",
    "memory_mib",
    "vcpus",
    "disk_mib",
    "lock_reason",
    "needs_restart",
    "cluster__slug",
    "cluster__name",
    "cluster__trouble",
    "owner__name",
)
WRONG = Q(status__startswith="ERROR_") | Q(missing_since__isnull=False)


def my_page(user: User) -> dict[str, Any]:
    """What the page of the person's machines shows: what is wrong stands first."""
    wrong = Case(When(WRONG, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = VirtualMachine.objects.select_related("cluster", "owner").only(*SHOWN)
    seen = policy.permitted(user, "view", rows).annotate(is_wrong=wrong, total=Window(Count("*")))
    vms: list[Any] = list(seen.order_by("-is_wrong", "sort_name", "pk")[:MOST_MACHINES])
    jobs = open_jobs(vms)
    projects = policy.permitted(user, "view", Project.objects.all())
    first = list(projects.annotate(weight=Count("vms")).order_by("-weight", "name", "pk")[:MOST_PROJECTS])
    places = of_projects(first)
    return {
        "rows": [{"vm": vm, "state": state_of(vm, jobs.get(vm.pk))} for vm in vms],
        "wrong": [vm for vm in vms if vm.is_wrong],
        "total": vms[0].total if vms else 0,
        "projects": [{"project": project, "places": places[project.pk]} for project in first],
        "jobs": running_jobs(user),
        "topics": topics(vms),
    }


def running_jobs(user: User) -> list[Any]:
    """The jobs that go on now, as far as the person may see them; the latest few."""
    rows = policy.permitted(user, "view", Job.objects.open().select_related("cluster"))
    return described(rows.order_by("-created_at", "-pk")[:MOST_JOBS])
