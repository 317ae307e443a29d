"""Pages of projects, and of why somebody may something."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.permissions import policy, projects, timeline
from ganeti_webmgr.permissions.access import access_page
from ganeti_webmgr.permissions.forms import MemberForm, NewProjectForm, ProjectForm, add_errors
from ganeti_webmgr.permissions.holders import ending_soon, given_to
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.table import PROJECTS
from ganeti_webmgr.permissions.usage import use_of
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    context = {**vars(seen(request, PROJECTS)), "may_create": projects.may_create(request.user)}
    return pages.page(request, "permissions/projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    if not projects.may_create(request.user):
        raise policy.Denied("You may not make projects. An administrator can give you the right.")
    form = NewProjectForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect(projects.create_project(by=request.user, **form.cleaned_data))
        except ValidationError as error:
            add_errors(form, error)
    return pages.page(request, "permissions/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, slug: str) -> HttpResponse:
    return _desk(request, _project(request, slug), MemberForm(None))


@require_POST
def add_member(request: Request, slug: str) -> HttpResponse:
    project = _project(request, slug, "lead")
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            projects.add_member(
                project, form.cleaned_data["person"], by=request.user, role=form.cleaned_data["role"]
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(project)
    return _desk(request, project, form, status=422)


@require_POST
def change_member(request: Request, slug: str, pk: int) -> HttpResponse:
    """Makes somebody a lead or a member, as the button pressed says."""
    project = _project(request, slug, "lead")
    part = get_object_or_404(Membership.objects.select_related("project", "user"), project=project, pk=pk)
    try:
        projects.set_role(part, request.POST.get("role", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(project)


@require_POST
def remove_member(request: Request, slug: str, pk: int) -> HttpResponse:
    """Ends somebody's part; everybody may end his own."""
    project = _project(request, slug)
    part = get_object_or_404(Membership.objects.select_related("project", "user"), project=project, pk=pk)
    projects.remove_member(part, by=request.user)
    if part.user == request.user:
        messages.success(request, f"You have left {project}.")
        return redirect("projects:index")
    messages.success(request, f"{part.user} has left {project}.")
    return redirect(project)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str) -> HttpResponse:
    project = _project(request, slug, "lead")
    form = ProjectForm(request.POST or None, instance=Project.objects.get(pk=project.pk))
    if form.is_valid():
        projects.change_project(project, by=request.user, **form.cleaned_data)
        return redirect(project)
    context = {"project": project, "form": form}
    return pages.page(request, "permissions/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Request, slug: str) -> HttpResponse:
    """The groups that have a part in the project."""
    project = _project(request, slug)
    context: dict[str, Any] = {"project": project, "topics": f"project:{project.pk}"}
    context["given"] = given_to(project.group)
    return access_page(request, project, "permissions/project_access.html", context)


def _project(request: Request, slug: str, permission: str = "view") -> Project:
    return get_permitted(request.user, permission, Project.objects.all(), slug=slug)


def _desk(request: Request, project: Project, form: MemberForm, *, status: int = 200) -> HttpResponse:
    parts = project.memberships.select_related("user", "added_by").order_by("role", "user__username", "pk")
    leads = policy.may(request.user, "lead", project)
    context = {
        "project": project,
        "leads": leads,
        "parts": parts,
        "form": form,
        "use": use_of(project, shared_out=leads and not project.personal_of_id),
        "ending": ending_soon(request.user) if leads else [],
        "events": timeline.latest(request.user, project, administers=leads),
        "topics": f"project:{project.pk}",
    }
    return pages.page(request, "permissions/project.html", context, status=status)
