"""Pages of jobs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ganeti_webmgr.jobs import naming, services, waiting
from ganeti_webmgr.jobs.family import family, whole_state
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.table import JOBS
from ganeti_webmgr.lists.reading import over_list
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    found = seen(request, JOBS)
    own = " ".join(f"job:{line.job.pk}" for line in found.lines)
    context = {
        **vars(found),
        "saved": over_list(request, found),
        "topics": "job:*" if policy.sees_all(request.user) else own,
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
        "waits": waiting.told(job, request.user) if job.is_open else [],
        "no_cancel": services.cancel_obstacle(job, by=request.user),
        "topics": f"job:{job.pk}",
    }
    return pages.page(request, "jobs/detail.html", context)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    job = get_permitted(request.user, "cancel", Job.objects.select_related("cluster"), pk=pk)
    services.cancel(job, by=request.user)
    return redirect(job)
