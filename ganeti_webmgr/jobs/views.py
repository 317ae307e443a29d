"""Pages of jobs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ganeti_webmgr.jobs import naming, services, waiting
from ganeti_webmgr.jobs.family import family, told_whole, whole_state
from ganeti_webmgr.jobs.filters import JobFilter
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import listing

SORTS = {"started": "created_at", "state": "status", "cluster": "cluster__name", "number": "ganeti_id"}
# What a line of the list shows. Of whole rows, with all that is joined to them, a page takes twice as long.
LISTED = (
    "target_name",
    "command",
    "origin",
    "status",
    "ganeti_id",
    "ganeti_status",
    "operations",
    "warnings",
    "waits_for",
    "error",
    "created_at",
    "started_at",
    "ended_at",
    "cluster__name",
)


@require_safe
def index(request: Request) -> HttpResponse:
    jobs = Job.objects.select_related("cluster").only(*LISTED)
    narrowed = JobFilter(request.GET, queryset=policy.permitted(request.user, "view", jobs), request=request)
    found = listing(request, narrowed.qs, of=jobs, sorts=SORTS, default="-started")
    rows = told_whole(found.page)
    context = {
        "filter": narrowed,
        "listing": found,
        "rows": rows,
        "topics": "job:*" if policy.sees_all(request.user) else " ".join(f"job:{row.job.pk}" for row in rows),
    }
    return pages.page(request, "jobs/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    rows = Job.objects.select_related(
        "cluster",
        "vm__cluster",
        "node__cluster",
        "group__cluster",
        "network__cluster",
        "requested_by",
        "parent",
    )
    job = get_permitted(request.user, "view", rows, pk=pk)
    begun = family(job)
    context = {
        "job": job,
        "title": naming.title(job),
        "state": whole_state(job, begun.tally if begun else None),
        "family": begun,
        "sees_parent": job.parent is not None and policy.may(request.user, "view", job.parent),
        "line": naming.line(job),
        "sees_cluster": policy.may(request.user, "view", job.cluster),
        "again": naming.again(job),
        "waits": waiting.told(job) if job.is_open else [],
        "no_cancel": services.cancel_obstacle(job, by=request.user),
        "topics": f"job:{job.pk}",
    }
    return pages.page(request, "jobs/detail.html", context)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    job = get_permitted(request.user, "cancel", Job.objects.select_related("cluster"), pk=pk)
    services.cancel(job, by=request.user)
    return redirect(job)
