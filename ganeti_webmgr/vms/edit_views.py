"""The two steps of a change of settings: the form, and the look at what it will change."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.jobs.review import opened, sealed
from ganeti_webmgr.jobs.services import obstacle_to, request_job
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.access import machine
from ganeti_webmgr.vms.changes import changes
from ganeti_webmgr.vms.commands.change import Modify
from ganeti_webmgr.vms.forms.edit import NOTHING, EditForm
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.reverting import reverted
from ganeti_webmgr.vms.views import head


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str, name: str) -> HttpResponse:
    """The form; with changes that fit, the look at them.

    "Back" brings what was typed before; a change that is taken back leaves the others.
    """
    vm = machine(request.user, slug, name)
    policy.require(request.user, "modify", vm)
    typed: QueryDict | None = request.POST if request.method == "POST" else None
    back, revert = "back" in request.POST, request.POST.get("revert", "")
    if typed is not None and (back or revert):
        typed = QueryDict(request.POST.get("typed", ""))
    if typed is not None and revert:
        typed = reverted(typed, revert, EditForm(None, vm=vm, user=request.user), request.user)
    form = EditForm(typed, vm=vm, user=request.user)
    if form.is_valid() and not back:
        return look(request, vm, form.command(), typed=form.typed())
    if revert and form.problem == NOTHING:
        return redirect("vms:edit", slug, name)
    context = {"form": form, **head(vm, request, open_jobs([vm]).get(vm.pk))}
    return pages.page(request, "vms/edit.html", context, status=200 if back or typed is None else 422)


@require_POST
def review(request: Request, slug: str, name: str) -> HttpResponse:
    """Asks for what was looked at; where the machine has changed since then, shows it once more."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "modify", vm)
    reviewed = opened(request.POST.get("changes", ""), vm, request.user)
    command, typed = Modify(**reviewed.params), request.POST.get("typed", "")
    changed = reviewed.state != vm.serial_no
    lacking = lack(vm, command)
    over_quota = bool(lacking) and policy.sees_all(request.user) and "over_quota" in request.POST
    if changed or (lacking and not over_quota):
        return look(request, vm, command, typed=typed, changed=changed)
    command = replace(command, restart=request.POST.get("restart") == "now" and bool(vm.oper_state))
    request_job(by=request.user, command=command, on=vm, over_quota=over_quota)
    return redirect(vm)


def look(
    request: Request, vm: VirtualMachine, command: Modify, *, typed: str, changed: bool = False
) -> HttpResponse:
    """The table of what will change, with the buttons that have it done."""
    shown = head(vm, request, open_jobs([vm]).get(vm.pk))
    lines, lacking = changes(command, vm), lack(vm, command)
    may_go_over = policy.sees_all(request.user)
    context = {
        **shown,
        "lines": lines,
        "waits": any(line.waits for line in lines),
        "line": command.line(vm.name),
        "changes": sealed({**command.params, "sealed": command.sealed}, vm, vm.serial_no, request.user),
        "typed": typed,
        "changed": changed,
        "obstacle": obstacle_to(vm) or ("" if may_go_over else lacking),
        "over": lacking if may_go_over else "",
        "may_restart": bool(vm.oper_state) and "power" in shown["held"] and not vm.lock_reason,
        "gauges": quota.gauges(vm.owner, vm.cluster, command.demand(vm)) if vm.owner else [],
    }
    return pages.page(request, "vms/review.html", context, status=409 if changed else 200)


def lack(vm: VirtualMachine, command: Modify) -> str:
    """What of the quota is missing for it, in words to show."""
    return quota.lack(vm.owner, vm.cluster, command.demand(vm)) if vm.owner else ""
