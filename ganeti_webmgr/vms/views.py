"""Pages of virtual machines."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.jobs.acting import act_page, actions
from ganeti_webmgr.jobs.listing import described, failed_lately, open_jobs
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.lists.reading import over_list
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.access import access_page
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms import protection
from ganeti_webmgr.vms.access import ON_DISKS, machine, menu, on_console
from ganeti_webmgr.vms.creation.half_made import half_made
from ganeti_webmgr.vms.forms import FORMS, MANY_AT_ONCE
from ganeti_webmgr.vms.forms.keeping import LockForm, NotesForm
from ganeti_webmgr.vms.forms.ownership import OwnerForm
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import change_owner
from ganeti_webmgr.vms.parameters import parameters
from ganeti_webmgr.vms.pending import pending
from ganeti_webmgr.vms.protection import change_notes
from ganeti_webmgr.vms.status import state_of
from ganeti_webmgr.vms.table import MACHINES


def topics(vms: list[VirtualMachine]) -> str:
    """What a page that shows these machines listens to."""
    return " ".join([*(f"vm:{vm.pk}" for vm in vms), *sorted({f"cluster:{vm.cluster_id}" for vm in vms})])


@require_safe
def index(request: Request) -> HttpResponse:
    found = seen(request, MACHINES)
    context = {
        **vars(found),
        "saved": over_list(request, found),
        "topics": topics([line.vm for line in found.lines]),
        "many_at_once": [FORMS[verb] for verb in MANY_AT_ONCE],
        "query": request.GET.urlencode(),
    }
    return pages.page(request, "vms/list.html", context)


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    vm = machine(request.user, slug, name)
    if vm.name != name:
        return redirect(vm, permanent=False)
    latest = described(vm.jobs.order_by("-created_at", "-pk")[:6])
    job = open_jobs([vm]).get(vm.pk)
    shown = working_head(vm, request, job)
    context = {
        **shown,
        "open_job": described([job])[0] if job else None,
        "failed_job": None if job else failed_lately(latest),
        "pending": pending(vm),
        "half_made": None if job else half_made(latest),
        "jobs": latest,
        "events": timeline.latest(request.user, vm, administers="admin" in shown["held"]),
    }
    return pages.page(request, "vms/detail.html", context)


@require_safe
def settings(request: Request, slug: str, name: str) -> HttpResponse:
    """Every setting of the machine with the place that its value comes from."""
    vm = machine(request.user, slug, name)
    context = {**working_head(vm, request, open_jobs([vm]).get(vm.pk)), "parameters": parameters(vm)}
    return pages.page(request, "vms/settings.html", context)


@require_safe
def disks(request: Request, slug: str, name: str) -> HttpResponse:
    vm = machine(request.user, slug, name)
    context = {**working_head(vm, request, open_jobs([vm]).get(vm.pk)), "on_disks": ON_DISKS}
    return pages.page(request, "vms/disks_page.html", context)


@require_safe
def network(request: Request, slug: str, name: str) -> HttpResponse:
    vm = machine(request.user, slug, name)
    return pages.page(request, "vms/network.html", working_head(vm, request, open_jobs([vm]).get(vm.pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Request, slug: str, name: str) -> HttpResponse:
    """Who may do what with the machine."""
    vm = machine(request.user, slug, name)
    return access_page(
        request,
        vm,
        "vms/access.html",
        {"topics": f"vm:{vm.pk}", **head(vm, request, open_jobs([vm]).get(vm.pk))},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: Request, slug: str, name: str) -> HttpResponse:
    """Hands the machine to another project."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "admin", vm)
    form = OwnerForm(request.POST or None, user=request.user, vm=vm)
    if form.is_valid():
        change_owner(vm, form.cleaned_data["project"], by=request.user, over_quota=form.wants_to_go_over)
        return redirect(vm if policy.may(request.user, "view", vm) else "vms:index")
    context = {"form": form, **head(vm, request, open_jobs([vm]).get(vm.pk))}
    return pages.page(request, "vms/owner.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: Request, slug: str, name: str) -> HttpResponse:
    """What people should know of the machine."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "modify", vm)
    form = NotesForm(request.POST if request.method == "POST" else None, initial={"notes": vm.notes})
    if form.is_valid():
        change_notes(vm, form.cleaned_data["notes"], by=request.user)
        return redirect(vm)
    context = {"form": form, **head(vm, request, open_jobs([vm]).get(vm.pk))}
    return pages.page(request, "vms/notes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, slug: str, name: str) -> HttpResponse:
    """Keeps the machine from being stopped or removed."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "admin", vm)
    form = LockForm(request.POST if request.method == "POST" else None, initial={"reason": vm.lock_reason})
    if form.is_valid():
        protection.lock(vm, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(vm)
    context = {"form": form, **head(vm, request, open_jobs([vm]).get(vm.pk))}
    return pages.page(request, "vms/lock.html", context, status=422 if form.errors else 200)


@require_POST
def unlock(request: Request, slug: str, name: str) -> HttpResponse:
    vm = machine(request.user, slug, name)
    protection.unlock(vm, by=request.user)
    return redirect(vm)


def head(vm: VirtualMachine, request: Request, job: Job | None) -> dict[str, Any]:
    """What the head of each page of the machine shows, while that job of it is open."""
    return {
        "vm": vm,
        "state": state_of(vm, job),
        "as_of": as_of([vm.cluster])[vm.cluster_id],
        "held": policy.held(request.user, vm),
        "sees_cluster": policy.may(request.user, "view", vm.cluster),
        "sees_owner": vm.owner is not None and policy.may(request.user, "view", vm.owner),
    }


def working_head(vm: VirtualMachine, request: Request, job: Job | None) -> dict[str, Any]:
    """As `head`, with everything that can be done to the machine; for pages that follow it."""
    shown = head(vm, request, job)
    held = shown["held"]
    found = actions(vm, FORMS, held, job)
    return {
        **shown,
        "actions": found,
        "menu": menu(vm, found),
        "no_console": policy.missing("watch", vm, held),
        "on_console": on_console(vm) if "watch" in held else [],
        "topics": topics([vm]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, slug: str, name: str, verb: str) -> HttpResponse:
    """The page on which a command is chosen and confirmed, and where it is asked for."""
    vm = machine(request.user, slug, name)
    if verb not in FORMS:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    chosen = {"disk": request.GET["disk"]} if "disk" in request.GET else None
    form = FORMS[verb](posted, initial=chosen, vm=vm, user=request.user)
    return act_page(request, vm, form, template="vms/act.html", context={"vm": vm})
