"""Everything about one person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import OuterRef, QuerySet, Subquery

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import open_sessions
from ganeti_webmgr.people.status import state_of
from ganeti_webmgr.permissions.holders import given_to
from ganeti_webmgr.permissions.models import Membership
from ganeti_webmgr.permissions.reach import groups_of


def everything_about(person: User) -> dict[str, Any]:
    """What the page of the person shows."""
    groups = list(_reaching(person))
    parts = [(group.project, Membership.Role(group.role).label) for group in groups if group.role]
    return {
        "person": person,
        "state": state_of(person),
        "groups": [group for group in groups if not hasattr(group, "project")],
        "parts": sorted(parts, key=lambda part: (part[0].name, part[0].pk)),
        "grants": [*given_to(person), *given_to(*groups)],
        "sessions": open_sessions(person),
    }


def _reaching(person: User) -> QuerySet[Any]:
    """The groups whose grants reach the person, those of projects with his role there if he has one."""
    own = Membership.objects.filter(user=person, project__group=OuterRef("pk"))
    groups = Group.objects.filter(pk__in=groups_of(person)).select_related("project")
    return groups.annotate(role=Subquery(own.values("role"))).order_by("name", "pk")
