"""The page of any object on which rights are given, changed and taken away, and explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.explain import explain
from ganeti_webmgr.permissions.forms import ExplainForm, GrantForm, add_errors
from ganeti_webmgr.permissions.granting import grant, revoke, ruling
from ganeti_webmgr.permissions.holders import Holding, ending_soon, holdings
from ganeti_webmgr.permissions.models import Membership
from ganeti_webmgr.permissions.quota import gauges
from ganeti_webmgr.permissions.vocabulary import ON_MACHINES, ROLES
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@dataclass(frozen=True)
class Section:
    """Those who have rights on the object on one way."""

    heading: str
    holdings: list[Holding]
    members: list[Membership]
    member_role: str = ""
    can_change: bool = False


def access_page(request: Request, target: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """Shows who may what on the object, and gives or takes it; Denied for who does not administer it."""
    kind = policy.kind_of(type(target))
    policy.require(request.user, ruling(kind), target)
    form = GrantForm(None, target_kind=kind)
    if request.method == "POST":
        if "revoke" in request.POST:
            return _revoked(request, target)
        form = GrantForm(request.POST, target_kind=kind)
        if form.is_valid() and _granted(request, form, target):
            return redirect(request.get_full_path())
    context |= {
        "form": form,
        "sections": sections(target),
        "gauges": gauges(target.owner, target.cluster) if getattr(target, "owner", None) else [],
        "target": target,
        "ending": ending_soon(request.user),
        **_explained(request, target, kind),
    }
    return pages.page(request, template, context, status=422 if form.errors else 200)


def sections(target: Any) -> list[Section]:
    """All ways on which somebody has rights on the object, with those who have them."""
    found = [Section("Here", holdings(target), [], can_change=True)]
    if policy.kind_of(type(target)) != "virtualmachine":
        return found
    if target.owner:
        parts = target.owner.memberships.select_related("user").order_by("role", "user__username", "pk")
        role = ROLES["virtualmachine"][target.owner.member_role].label
        through = Section(f"Through {target.owner}", holdings(target.owner), list(parts), role)
        found.append(through)
    by_cluster = [held for held in holdings(target.cluster) if ON_MACHINES.keys() & set(held.permissions)]
    return [*found, Section(f"Through {target.cluster}", by_cluster, [])]


def _granted(request: Request, form: GrantForm, target: Model) -> bool:
    to = form.cleaned_data["to"]
    try:
        grant(to, target, by=request.user, **form.terms())
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, f"{to if isinstance(to, User) else form.data['to']} has access to {target}.")
    return True


def _revoked(request: Request, target: Model) -> HttpResponse:
    kind, _, pk = request.POST["revoke"].partition(":")
    model: Any = {"user": User, "group": Group}.get(kind)
    holder = model.objects.filter(pk=int(pk)).first() if model and pk.isdecimal() and len(pk) < 18 else None
    if holder is None:
        raise Http404
    revoke(holder, target, by=request.user)
    messages.success(request, f"{holder} has no access of their own to {target} any more.")
    return redirect(request.get_full_path())


def _explained(request: Request, target: Model, kind: str) -> dict[str, Any]:
    asked = request.GET if "who" in request.GET else None
    form = ExplainForm(asked, target_kind=kind)
    if not form.is_valid():
        return {"explain_form": form, "explanation": None}
    told = explain(form.cleaned_data["who"], form.cleaned_data["permission"], target)
    return {"explain_form": form, "explanation": told}
