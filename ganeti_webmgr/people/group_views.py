"""Pages about groups, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.people import groups
from ganeti_webmgr.people.access import administrators_only
from ganeti_webmgr.people.forms import GroupForm, MemberForm
from ganeti_webmgr.people.table import GROUPS
from ganeti_webmgr.permissions.holders import given_to
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@administrators_only
def index(request: Request) -> HttpResponse:
    return pages.page(request, "groups/list.html", vars(seen(request, GROUPS)))


@either
@administrators_only
def new(request: Request) -> HttpResponse:
    form = GroupForm(request.POST or None)
    if form.is_valid():
        try:
            group = groups.create_group(form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("groups:detail", group.pk)
    return pages.page(request, "groups/new.html", {"form": form}, status=422 if form.errors else 200)


@either
@administrators_only
def detail(request: Request, pk: int) -> HttpResponse:
    """The group; posting to it puts somebody in."""
    group = get_object_or_404(groups.own_groups(), pk=pk)
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            person = groups.add_to_group(group, form.cleaned_data["person"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{person} is in {group} now.")
            return redirect("groups:detail", pk)
    return _page(request, group, form)


@either
@administrators_only
def rename(request: Request, pk: int) -> HttpResponse:
    group = get_object_or_404(groups.own_groups(), pk=pk)
    form = GroupForm(request.POST or None, initial={"name": group.name})
    if form.is_valid():
        try:
            groups.rename_group(group, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"The group is called {group} now.")
            return redirect("groups:detail", pk)
    context = {"group": group, "form": form}
    return pages.page(request, "groups/rename.html", context, status=422 if form.errors else 200)


@either
@administrators_only
def remove(request: Request, pk: int) -> HttpResponse:
    group = get_object_or_404(groups.own_groups(), pk=pk)
    if request.method == "POST":
        groups.remove_group(group, by=request.user)
        messages.success(request, f"Group {group} deleted.")
        return redirect("groups:index")
    context = {"group": group, "members": group.user_set.count(), "grants": given_to(group)}
    return pages.page(request, "groups/remove.html", context)


@either
@administrators_only
def remove_member(request: Request, pk: int, person_pk: int) -> HttpResponse:
    """Asks first, with what the person will have no more."""
    group = get_object_or_404(groups.own_groups(), pk=pk)
    person = get_object_or_404(group.user_set, pk=person_pk)
    if request.method == "POST":
        groups.remove_from_group(group, person, by=request.user)
        messages.success(request, f"{person} is no longer in {group}.")
        return redirect("groups:detail", pk)
    lost = [f"{held.label} on {held.on}" for held in given_to(group)]
    return pages.page(request, "groups/remove_member.html", {"group": group, "person": person, "lost": lost})


def _page(request: Request, group: Group, form: MemberForm) -> HttpResponse:
    context = {
        "group": group,
        "form": form,
        "members": group.user_set.order_by("username", "pk"),
        "grants": given_to(group),
    }
    return pages.page(request, "groups/detail.html", context, status=422 if form.errors else 200)
