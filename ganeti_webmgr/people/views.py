"""Pages about people, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.people import services
from ganeti_webmgr.people.access import administrators_only
from ganeti_webmgr.people.forms import ChangeForm, NewForm
from ganeti_webmgr.people.reading import everything_about
from ganeti_webmgr.people.table import PEOPLE
from ganeti_webmgr.permissions import timeline
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@administrators_only
def index(request: Request) -> HttpResponse:
    found = seen(request, PEOPLE)
    context = {**vars(found), "topics": " ".join(f"user:{line.person.pk}" for line in found.lines)}
    return pages.page(request, "people/list.html", context)


@either
@administrators_only
@never_cache
def new(request: Request) -> HttpResponse:
    form = NewForm(request.POST or None)
    if form.is_valid():
        person, password = services.create_person(by=request.user, **form.cleaned_data)
        return pages.page(request, "people/password.html", {"person": person, "password": password})
    return pages.page(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@administrators_only
def detail(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    context = {
        **everything_about(person),
        "events": timeline.latest(request.user, person),
        "why_not": services.why_not_deactivate(person, by=request.user),
        "topics": f"user:{person.pk}",
    }
    return pages.page(request, "people/detail.html", context)


@either
@administrators_only
def edit(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = ChangeForm(request.POST or None, instance=person)
    if form.is_valid():
        services.change_person(person, by=request.user, **form.cleaned_data)
        messages.success(request, f"{person} changed.")
        return redirect("people:detail", pk)
    context = {"form": form, "person": person}
    return pages.page(request, "people/edit.html", context, status=422 if form.errors else 200)


@either
@administrators_only
@never_cache
def set_password(request: Request, pk: int) -> HttpResponse:
    """Asks first; the answer to the asking is the only page that ever shows the password."""
    person = get_object_or_404(User, pk=pk)
    password = services.set_password(person, by=request.user) if request.method == "POST" else ""
    return pages.page(request, "people/password.html", {"person": person, "password": password})


@either
@administrators_only
def deactivate(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        services.deactivate(person, by=request.user)
        messages.success(request, f"The account of {person} is switched off.")
        return redirect("people:detail", pk)
    why_not = services.why_not_deactivate(person, by=request.user)
    return pages.page(request, "people/deactivate.html", {"person": person, "why_not": why_not})


@either
@administrators_only
def activate(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        services.activate(person, by=request.user)
        messages.success(request, f"The account of {person} is switched on.")
        return redirect("people:detail", pk)
    return pages.page(request, "people/activate.html", {"person": person})
