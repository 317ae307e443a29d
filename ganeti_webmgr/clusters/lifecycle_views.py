"""Pages of what its administrators decide about a cluster."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ganeti_webmgr.clusters import checkups, lifecycle
from ganeti_webmgr.clusters.forms import RemovalForm, SettingsForm
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.forms import add_errors
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
def settings(request: Request, slug: str) -> HttpResponse:
    """Name, short name, read-only; and the ways to the rest."""
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    initial = {"name": cluster.name, "slug": cluster.slug, "read_only": cluster.read_only}
    form = SettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            return redirect(lifecycle.change_settings(cluster, by=request.user, **form.cleaned_data))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "cluster": cluster,
        "state": state_of(cluster),
        "form": form,
        "may_remove": policy.sees_all(request.user),
    }
    return pages.page(request, "clusters/settings.html", context, status=422 if form.errors else 200)


@require_POST
def pause(request: Request, slug: str) -> HttpResponse:
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    lifecycle.pause(cluster, by=request.user)
    messages.info(request, f"{cluster} is paused: nothing is asked of it and nothing is sent to it.")
    return redirect("clusters:settings", cluster.slug)


@require_POST
def resume(request: Request, slug: str) -> HttpResponse:
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    lifecycle.resume(cluster, by=request.user)
    messages.info(request, f"{cluster} is asked again.")
    return redirect("clusters:settings", cluster.slug)


@methods
def remove(request: Request, slug: str) -> HttpResponse:
    """The question, with the name to be typed."""
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    checkups.require_adding(request.user)
    form = RemovalForm(request.POST or None, name=cluster.name)
    if form.is_valid():
        lifecycle.remove(cluster, by=request.user)
        messages.info(request, f"{cluster} was removed. In Ganeti nothing was changed.")
        return redirect("clusters:index")
    context = {"cluster": cluster, "form": form, "goes": lifecycle.what_goes(cluster)}
    return pages.page(request, "clusters/remove.html", context, status=422 if form.errors else 200)
