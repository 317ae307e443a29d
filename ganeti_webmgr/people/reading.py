"""Everything about one person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import open_sessions
from ganeti_webmgr.people.groups import own_groups
from ganeti_webmgr.people.status import state_of
from ganeti_webmgr.permissions.holders import Holding, given_to
from ganeti_webmgr.permissions.models import Membership
from ganeti_webmgr.permissions.reach import groups_of


def everything_about(person: User) -> dict[str, Any]:
    """What the page of the person shows."""
    memberships = Membership.objects.filter(user=person).select_related("project")
    return {
        "person": person,
        "state": state_of(person),
        "groups": own_groups().filter(user=person).order_by("name", "pk"),
        "memberships": memberships.order_by("project__name", "pk"),
        "grants": reaching(person),
        "sessions": open_sessions(person),
    }


def reaching(person: User) -> list[Holding]:
    """What was given to the person, and to his groups and projects."""
    groups = Group.objects.filter(pk__in=groups_of(person)).order_by("name", "pk")
    return [*given_to(person), *(held for group in groups for held in given_to(group))]
