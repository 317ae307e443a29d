"""Pages of templates."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.commands import CreateMachine
from ganeti_webmgr.vms.models import MachineTemplate, VirtualMachine
from ganeti_webmgr.vms.saved.fitting import Estate
from ganeti_webmgr.vms.saved.forms import PUBLISHED, TemplateForm
from ganeti_webmgr.vms.saved.services import (
    change_template,
    delete_template,
    of_machine,
    reusable,
    save_template,
)
from ganeti_webmgr.vms.saved.table import TEMPLATES, templates

MOST_CHECKED = 20
SALT = "templates"


@require_safe
def index(request: Request) -> HttpResponse:
    return pages.page(request, "saved/list.html", vars(seen(request, TEMPLATES)))


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    template = get_permitted(request.user, "view", templates(), pk=pk)
    plan = Blueprint.of(template.blueprint)
    rows = Cluster.objects.filter(paused=False)
    seen = (
        rows.filter(pk=template.cluster_id) if template.cluster_id else _deployable(request, template, rows)
    )
    context = {
        "template": template,
        "plan": plan,
        "line": CreateMachine(**vars(plan)).line("NAME"),
        "fits": Estate(seen.order_by("name", "pk")[:MOST_CHECKED]).fits(plan),
        "may_edit": policy.may(request.user, "edit", template),
        "events": timeline.latest(request.user, template),
    }
    return pages.page(request, "saved/detail.html", context)


def _deployable(request: Request, template: MachineTemplate, rows: QuerySet[Cluster]) -> QuerySet[Cluster]:
    return policy.deployable(request.user, template.owner, rows)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Saves what a form, a machine or another template asks for under a name."""
    plan, initial = _source(request)
    form = TemplateForm(request.POST if "save" in request.POST else None, user=request.user, initial=initial)
    if form.is_valid():
        return redirect(save_template(by=request.user, plan=plan, **form.chosen()))
    return _page(request, form, plan, title="New template")


def naming_page(request: Request, plan: Blueprint, *, project: str, cluster: str) -> HttpResponse:
    """The page on which what stands in the form for a machine is given a name."""
    form = TemplateForm(user=request.user, initial={"owner": project, "cluster": cluster})
    return _page(request, form, reusable(plan), title="New template")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Another name, description or place for a template."""
    template = get_permitted(request.user, "edit", templates(), pk=pk)
    initial = {
        "name": template.name,
        "description": template.description,
        "owner": template.owner.slug if template.owner else PUBLISHED,
        "cluster": template.cluster.slug if template.cluster else "",
    }
    form = TemplateForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=initial
    )
    if form.is_valid():
        change_template(template, by=request.user, **form.chosen())
        return redirect(template)
    return _page(request, form, None, title=f"Change {template}", template=template)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    delete_template(get_permitted(request.user, "edit", templates(), pk=pk), by=request.user)
    return redirect("templates:index")


def _source(request: Request) -> tuple[Blueprint, dict[str, Any]]:
    """What is to be saved, and what is known of it already."""
    if signed := request.POST.get("plan"):
        try:
            return Blueprint.of(signing.loads(signed, salt=SALT)), {}
        except signing.BadSignature:
            raise Http404 from None
    if (copied := request.GET.get("copy", "")).isdecimal():
        template = get_object_or_404(policy.permitted(request.user, "view", templates()), pk=copied[:18])
        initial = {"name": f"{template.name}, copy", "description": template.description}
        place = {"cluster": template.cluster.slug if template.cluster else ""}
        owner = {"owner": template.owner.slug} if template.owner else {}
        return Blueprint.of(template.blueprint), {**initial, **place, **owner}
    if (machine := request.GET.get("vm", "")).isdecimal():
        rows = VirtualMachine.objects.select_related("cluster", "owner")
        vm = get_object_or_404(policy.permitted(request.user, "view", rows), pk=machine[:18])
        return of_machine(vm), {
            "name": f"As {vm.name}",
            "cluster": vm.cluster.slug,
            "owner": vm.owner.slug if vm.owner else "",
        }
    raise Http404


def _page(
    request: Request,
    form: TemplateForm,
    plan: Blueprint | None,
    *,
    title: str,
    template: MachineTemplate | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "template": template,
        "plan": plan,
        "signed": signing.dumps(plan.as_data(), salt=SALT, compress=True) if plan else "",
    }
    return pages.page(request, "saved/edit.html", context, status=422 if form.errors else 200)
