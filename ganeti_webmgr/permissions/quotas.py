"""Pages on which an administrator of a cluster says how much there may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ganeti_webmgr.permissions import limiting
from ganeti_webmgr.permissions.forms import DefaultLimitsForm, LimitsForm, QuotaForm, add_errors
from ganeti_webmgr.permissions.models import DefaultQuota, Project, Quota
from ganeti_webmgr.permissions.quota import Gauge, Size, gauges, measured, taken
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

MOST_SHOWN = 200


@dataclass(frozen=True)
class Row:
    """A project with what it has on the cluster."""

    project: Project
    gauges: list[Gauge]
    is_own: bool


def quotas_page(request: Request, cluster: Any) -> HttpResponse:
    """All projects that have something there or may; the default, and a quota for one more project."""
    default = DefaultQuota.objects.filter(cluster=cluster).first()
    named = [*limiting.PARTS, "running_only"]
    initial = model_to_dict(default, named) if default else {}
    asked = request.POST.get("form") if request.method == "POST" else None
    default_form = DefaultLimitsForm(request.POST if asked == "default" else None, initial=initial)
    quota_form = QuotaForm(request.POST if asked == "quota" else None)
    if default_form.is_valid():
        limiting.set_default_quota(cluster, by=request.user, **default_form.cleaned_data)
        return redirect(_url(cluster))
    if quota_form.is_valid():
        values = quota_form.cleaned_data
        limiting.set_quota(values.pop("project"), cluster, by=request.user, **values)
        return redirect(_url(cluster))
    context = {
        "cluster": cluster,
        "rows": _rows(cluster),
        "default_form": default_form,
        "quota_form": quota_form,
        "topics": f"cluster:{cluster.pk}",
    }
    wrong = bool(default_form.errors or quota_form.errors)
    return pages.page(request, "permissions/quotas.html", context, status=422 if wrong else 200)


def quota_page(request: Request, cluster: Any, project: Project) -> HttpResponse:
    """One project's quota, to be changed or taken away."""
    existing = Quota.objects.filter(project=project, cluster=cluster).first()
    if request.method == "POST" and "clear" in request.POST:
        limiting.clear_quota(project, cluster, by=request.user)
        return redirect(_url(cluster))
    initial = model_to_dict(existing, limiting.PARTS) if existing else {}
    form = LimitsForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            limiting.set_quota(project, cluster, by=request.user, **form.cleaned_data)
            return redirect(_url(cluster))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "cluster": cluster,
        "project": project,
        "form": form,
        "existing": existing,
        "gauges": gauges(project, cluster),
    }
    return pages.page(request, "permissions/quota.html", context, status=422 if form.errors else 200)


def _rows(cluster: Any) -> list[Row]:
    projects = Project.objects.filter(Q(vms__cluster=cluster) | Q(quotas__cluster=cluster)).distinct()
    default = DefaultQuota.objects.filter(cluster=cluster).first()
    own = {quota.project_id: quota for quota in Quota.objects.filter(cluster=cluster)}
    there = Q(cluster=cluster)
    used = taken(machines=there, jobs=there, by=(F("owner"),), by_job=(F("project"),))
    return [
        Row(
            project,
            measured(used.get((project.pk,), Size()), own.get(project.pk, default)),
            project.pk in own,
        )
        for project in projects.order_by("name", "pk")[:MOST_SHOWN]
    ]


def _url(cluster: Any) -> str:
    return reverse("clusters:quotas", args=[cluster.slug])
