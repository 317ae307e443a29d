"""Pages of what is done to many machines at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from ganeti_webmgr.bulk import services
from ganeti_webmgr.bulk.forms import ConfirmForm
from ganeti_webmgr.bulk.models import OUTCOMES, Bulk
from ganeti_webmgr.bulk.review import looked_at
from ganeti_webmgr.bulk.status import result_of
from ganeti_webmgr.jobs.models import Status as JobStatus
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.choosing import chosen
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import listing
from ganeti_webmgr.vms.filters import MachineFilter
from ganeti_webmgr.vms.forms import FORMS, MANY_AT_ONCE
from ganeti_webmgr.vms.models import VirtualMachine

SHOWN = {"failed": "Failed", "open": "Still open", "done": "Done", "skipped": "Skipped before", "all": "All"}


@require_POST
def choose(request: Request) -> HttpResponse:
    """Fixes the machines that were chosen in the list, and leads to the look at what would happen."""
    verb = request.POST.get("verb", "")
    if verb not in MANY_AT_ONCE:
        raise Http404
    visible = policy.permitted(request.user, "view", VirtualMachine.objects.all())
    those = chosen(request, visible, narrow=MachineFilter, field="vm")
    found = list(those.rows.only("name", "cluster_id").order_by("sort_name", "pk"))
    if not found:
        raise Http404
    return redirect(services.choose(found, verb=verb, by=request.user, chosen_by=those.words))


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, token: str) -> HttpResponse:
    """Before it is confirmed, what would happen; afterwards, what became of each machine."""
    bulk = own(request, token)
    if bulk.confirmed_at is None:
        return look(request, bulk)
    if "again" in request.POST:
        return redirect(services.again(bulk, request.POST.getlist("part"), by=request.user))
    return result(request, bulk)


def look(request: Request, bulk: Bulk) -> HttpResponse:
    if request.method == "POST":
        policy.require_chooser(request.user, bulk.requested_by, what="machines")
    may_go_over = policy.sees_all(request.user)
    over_quota = may_go_over and "over_quota" in request.POST
    review = looked_at(bulk, by=bulk.requested_by or request.user, over_quota=over_quota)
    count = review.count
    form_class, posted = FORMS[bulk.verb], request.POST if request.method == "POST" else None
    form = form_class(posted, initial=bulk.params, vm=None, user=request.user)
    confirm = ConfirmForm(
        posted, count=count, is_danger=form_class.is_danger, may_go_over=may_go_over and review.lacks_room
    )
    seen = request.POST.get("seen", "")
    moved = posted is not None and seen != review.seen
    fits = [each.is_valid() for each in (form, confirm)]
    if all(fits) and count and not moved:
        services.confirm(
            bulk,
            form.command(),
            per_cluster=confirm.cleaned_data["per_cluster"],
            by=request.user,
            seen=seen,
            over_quota=over_quota,
        )
        return redirect(bulk)
    context = {
        "bulk": bulk,
        "command": form_class.command_class,
        "form": form,
        "confirm": confirm,
        "review": review,
        "count": count,
        "moved": moved,
        "is_own": bulk.requested_by == request.user,
        "asks": count or "over_quota" in confirm.fields,
        "total": len(review.parts),
    }
    return pages.page(request, "bulk/review.html", context, status=422 if posted else 200)


def result(request: Request, bulk: Bulk) -> HttpResponse:
    counts = bulk.parts.aggregate(**{name: Count("pk", filter=found) for name, found in OUTCOMES.items()})
    first = next((name for name in ("failed", "open") if counts[name]), "all")
    show = request.GET.get("show", first)
    condition = OUTCOMES.get(show, OUTCOMES["all"])
    rows = bulk.parts.filter(condition).select_related("cluster", "job", "vm__cluster").defer("vm__details")
    found = listing(request, rows, sorts={"order": "pk"}, default="order")
    context: dict[str, Any] = {
        "bulk": bulk,
        "command": FORMS[bulk.verb].command_class,
        "counts": counts,
        "unknown": bulk.parts.filter(job__status=JobStatus.UNKNOWN).count(),
        "tabs": [
            {"label": label, "url": f"?show={name}", "count": counts[name], "is_current": name == show}
            for name, label in SHOWN.items()
            if counts[name] or name == show
        ],
        "listing": found,
        "rows": [{"part": part, "state": result_of(part)} for part in found.page],
        "topics": f"bulk:{bulk.pk}",
    }
    return pages.page(request, "bulk/result.html", context)


def own(request: Request, token: str) -> Bulk:
    """The person's own, and for superusers all, to look at; for others it is not there."""
    rows = Bulk.objects.select_related("requested_by")
    visible = rows if policy.sees_all(request.user) else rows.filter(requested_by=request.user)
    return get_object_or_404(visible, token=token)
