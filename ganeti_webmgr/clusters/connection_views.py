"""Pages on which a connection to a cluster is typed, tried and taken."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ganeti_webmgr.clusters import checkups
from ganeti_webmgr.clusters.doctor.findings import ICONS
from ganeti_webmgr.clusters.forms import ConnectionForm, NewClusterForm, shown
from ganeti_webmgr.clusters.models import Checkup, Cluster
from ganeti_webmgr.permissions.forms import add_errors
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.rapi import users_line
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
@never_cache
def add(request: Request, token: str = "") -> HttpResponse:
    """A cluster is added: first tried, then taken."""
    checkups.require_adding(request.user)
    checkup = _own(request, token, cluster=None)
    if checkup and "take" in request.POST:
        cluster = checkups.add_checked(checkup, by=request.user)
        messages.info(request, f"{cluster} was added. It is being read.")
        return redirect(cluster)
    form = NewClusterForm(request.POST or None, initial=shown(checkup) if checkup else None)
    return _desk(request, form, checkup, "clusters:check")


@methods
@never_cache
def connection(request: Request, slug: str, token: str = "") -> HttpResponse:
    """How a cluster is reached is changed: first tried, then taken."""
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    checkup = _own(request, token, cluster=cluster)
    if checkup and "take" in request.POST:
        messages.info(request, f"{checkups.take_over(checkup, by=request.user)} is reached that way now.")
        return redirect(cluster)
    form = ConnectionForm(request.POST or None, initial=shown(checkup or cluster))
    return _desk(request, form, checkup, "clusters:connection-check", cluster=cluster)


def _desk(
    request: Request,
    form: ConnectionForm,
    checkup: Checkup | None,
    then: str,
    *,
    cluster: Cluster | None = None,
) -> HttpResponse:
    """The form with what was found so far; what is typed is sent to be tried."""
    context: dict[str, Any] = {"cluster": cluster, "checkup": checkup, **_checks(checkup)}
    if "fresh" in request.POST:
        context |= _fresh(request, form)
    elif form.is_valid():
        try:
            made = checkups.request_checkup(
                by=request.user, cluster=cluster, before=checkup, **form.connection()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(then, *([cluster.slug] if cluster else []), made.token)
    context.setdefault("form", form)
    is_unfit = "line" not in context and bool(form.errors)
    return pages.page(request, "clusters/connection.html", context, status=422 if is_unfit else 200)


def _fresh(request: Request, form: ConnectionForm) -> dict[str, Any]:
    """A new password in the form, and the line with which Ganeti takes it."""
    password = secrets.token_urlsafe(24)
    typed = {**request.POST.dict(), "password": password}
    fresh = type(form)(initial=typed)
    fresh.fields["password"].widget.render_value = True
    return {"form": fresh, "line": users_line(typed.get("username", "").strip() or "gwm", password)}


def _checks(checkup: Checkup | None) -> dict[str, Any]:
    steps = checkup.steps if checkup else []
    tones = [step["tone"] for step in steps]
    return {
        "steps": [
            {**step, "icon": ICONS[step["tone"]], "id": f"step-{number}"}
            for number, step in enumerate(steps, start=1)
        ],
        "fine": tones.count("good"),
        "to_know": tones.count("warn"),
        "to_solve": tones.count("bad"),
        "topics": f"checkup:{checkup.pk}" if checkup and not checkup.ended_at else "",
    }


def _own(request: Request, token: str, *, cluster: Cluster | None) -> Checkup | None:
    if not token:
        return None
    own = Checkup.objects.select_related("cluster").filter(requested_by=request.user, cluster=cluster)
    return get_object_or_404(own, token=token)
