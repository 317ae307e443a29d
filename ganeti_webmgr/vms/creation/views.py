"""The form for a new machine, what is said of it while it is typed, and what Ganeti says of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.jobs.listing import described
from ganeti_webmgr.jobs.models import CREATE, Job, Status
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.ui.rows import edited
from ganeti_webmgr.vms.creation import showing
from ganeti_webmgr.vms.creation.asked import Asked
from ganeti_webmgr.vms.creation.beginning import beginning
from ganeti_webmgr.vms.creation.checks import Checked, check
from ganeti_webmgr.vms.creation.commands import CheckMachine, CreateMachine
from ganeti_webmgr.vms.creation.filled import Start
from ganeti_webmgr.vms.creation.form import OWN
from ganeti_webmgr.vms.creation.services import check_machines, create_machines
from ganeti_webmgr.vms.models import MachineTemplate
from ganeti_webmgr.vms.saved.services import change_template
from ganeti_webmgr.vms.saved.views import naming_page

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form: opened, changed in its shape, or sent."""
    start = beginning(request.user, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        asked = Asked(request.user, data=None, mode="opened", start=start)
        return _page(request, asked, None)
    if (changed := _reshaped(request.POST)) is not None:
        asked = Asked(request.user, data=changed, mode="draft", start=start)
        looked, checked = _looked_at(request, changed, start)
        return _page(request, asked, checked, looked=looked)
    if "save" in request.POST:
        return _saved(request, start)
    asked = Asked(request.user, data=request.POST, mode="final", start=start)
    return _sent(request, asked, check(asked))


@require_POST
def look(request: Request) -> HttpResponse:
    """What there is to say of what was typed so far, for htmx."""
    start = beginning(request.user, request.POST)
    asked, checked = _looked_at(request, request.POST, start)
    return render(request, "creation/looked.html", _context(asked, checked, asked))


@require_safe
def answer(request: Request, pk: int) -> HttpResponse:
    """What Ganeti said when it was asked whether it would make the machine, and those with it, for htmx."""
    rows = Job.objects.filter(command=CheckMachine.name).select_related("cluster")
    job = get_permitted(request.user, "view", rows, pk=pk)
    jobs = [job]
    if job.batch:
        jobs = list(policy.permitted(request.user, "view", rows.filter(batch=job.batch)).order_by("pk"))
    return render(request, "creation/answer.html", _answers(jobs))


@require_safe
def batch(request: Request, token: str) -> HttpResponse:
    """The machines that were asked for together, each with how it went."""
    rows = Job.objects.filter(command=CREATE, batch=token)
    rows = rows.select_related("cluster", "vm__cluster", "owner")
    jobs = list(policy.permitted(request.user, "view", rows).order_by("pk"))
    first = get_object_or_404(Job, pk=jobs[0].pk if jobs else 0)
    failed = [job for job in jobs if job.status in {Status.FAILED, Status.CANCELLED}]
    placing = list(policy.permitted(request.user, "view", Job.objects.filter(children=first)))
    context = {
        "lines": described(jobs),
        "job": first,
        "token": token,
        "failed": len(failed),
        "done": sum(job.status == Status.DONE for job in jobs),
        "open": sum(job.is_open for job in jobs),
        "placing": described(placing),
        "topics": " ".join(f"job:{job.pk}" for job in [*jobs, *placing]),
    }
    return pages.page(request, "creation/batch.html", context)


def _reshaped(data: QueryDict) -> QueryDict | None:
    """What was typed, where the form is to have another shape and is not sent yet."""
    changed = edited(data)
    if changed is None and ("refresh" in data or data.get("settings") == "show"):
        return data
    return changed


def _looked_at(request: Request, data: QueryDict, start: Start) -> tuple[Asked, Checked]:
    asked = Asked(request.user, data=data, mode="live", start=start)
    return asked, check(asked)


def _saved(request: Request, start: Start) -> HttpResponse:
    """What was typed, without a name, as a template that is given one on the next page."""
    asked, checked = _looked_at(request, request.POST, start)
    if checked.plan is None or any(part.errors for part in asked.parts if part is not asked.form):
        return _page(request, asked, checked, status=WRONG)
    if request.POST["save"] == "over" and start.template:
        template = get_permitted(request.user, "edit", MachineTemplate.objects.all(), pk=start.template)
        change_template(template, by=request.user, plan=checked.plan)
        return redirect(template)
    cluster = asked.ground.cluster.slug if asked.ground else ""
    return naming_page(request, checked.plan, project=asked.project.slug or OWN, cluster=cluster)


def _sent(request: Request, asked: Asked, checked: Checked) -> HttpResponse:
    if not checked.is_good or checked.plan is None or asked.ground is None:
        return _page(request, asked, checked, status=WRONG)
    what: dict[str, Any] = {
        "by": request.user,
        "cluster": asked.ground.cluster,
        "owner": asked.project,
        "plan": checked.plan,
        "hidden": asked.hidden(),
    }
    try:
        if "check" in request.POST:
            return _page(request, asked, checked, asks=check_machines(names=asked.names, **what))
        over = bool(asked.form.cleaned_data.get("over_quota"))
        together = bool(asked.form.cleaned_data.get("together"))
        jobs = create_machines(names=asked.names, over_quota=over, together=together, **what)
    except Refusal as refusal:  # it changed between looking and asking: nothing is lost
        asked.form.add_error(None, str(refusal))
        return _page(request, asked, checked, status=refusal.status)
    return redirect("vms:batch", jobs[0].batch) if jobs[0].batch else redirect(jobs[0])


def _page(
    request: Request,
    asked: Asked,
    checked: Checked | None,
    *,
    looked: Asked | None = None,
    asks: list[Job] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _context(asked, checked, looked or asked) | _answers(asks or [])
    return pages.page(request, "creation/new.html", context, status=status)


def _context(asked: Asked, checked: Checked | None, looked: Asked) -> dict[str, Any]:
    """What the page shows: the form as it is, and what came of looking at what is in it."""
    plan = checked.plan if checked else None
    command = CreateMachine(**vars(plan), owner_tag=asked.project.tag) if plan else None
    return {
        "asked": asked,
        "checked": checked,
        "form": asked.form,
        "ground": asked.ground,
        "sizes": showing.sizes(asked),
        "templates": showing.templates(asked),
        "placements": showing.placements(asked),
        "summary": showing.summary(looked, plan) if plan else [],
        "line": command.line(looked.names[0] if looked.names else "NAME") if command else "",
        "carried": asked.carried(),
    }


def _answers(jobs: list[Job]) -> dict[str, Any]:
    """The jobs of a check, each with the nodes that it names in words; and the first that is still open."""
    found = {job.pk: _uuids(job) for job in jobs if job.status == Status.DONE}
    uuids = {uuid for each in found.values() for uuid in each}
    nodes = jobs[0].cluster.nodes.filter(uuid__in=uuids).values_list("uuid", "name") if uuids else []
    names = dict(nodes)
    return {
        "answers": [(job, [names.get(uuid, uuid) for uuid in found.get(job.pk, [])]) for job in jobs],
        "asking": next((job for job in jobs if job.is_open), None),
        "answer_topics": " ".join(f"job:{job.pk}" for job in jobs),
    }


def _uuids(job: Job) -> list[str]:
    return [uuid for part in (job.result or []) if isinstance(part, list) for uuid in part]
