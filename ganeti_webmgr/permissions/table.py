"""The list of projects."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ganeti_webmgr.permissions.filters import ProjectFilter
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.tables import Column, Table, at


def counted() -> QuerySet[Project]:
    return Project.objects.annotate(
        machine_count=Count("vms", filter=Q(vms__missing_since=None), distinct=True),
        people_count=Count("memberships", distinct=True),
    )


PROJECTS: Table[Project, Project] = Table(
    key="projects",
    name="Projects",
    view="projects:index",
    rows=counted,
    lines=list,
    filter=ProjectFilter,
    columns=(
        Column(
            "name",
            "Project",
            {"name": lambda project: project.name, "slug": lambda project: project.slug},
            sort="name",
        ),
        Column(
            "role",
            "Members are",
            {"members_are": lambda project: project.get_member_role_display()},
            classes="hide-sm",
        ),
        at("people_count", "people", "People", classes="r"),
        at("machine_count", "machines", "Machines", classes="r"),
    ),
)
