"""Why somebody may do something: every link that lets him, in words, with who gave it and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.holders import Holding, holdings
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.reach import groups_of
from ganeti_webmgr.permissions.vocabulary import (
    ROLES,
    giving,
    member_roles_with,
    of_cluster_for_machines,
    words,
)


@dataclass(frozen=True)
class Link:
    """One thing that is enough by itself."""

    words: str
    expires_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """Whether somebody may, by which links, or else what is missing and who could give it."""

    allowed: bool
    question: str
    links: tuple[Link, ...]
    missing: str


def explain(user: User, permission: str, target: Model) -> Explanation:
    """The chain that lets the person, or what is missing; the answer is that of `policy.may`."""
    kind = policy.kind_of(type(target))
    allowed = policy.may(user, permission, target)
    if not user.is_active:
        missing = f"The account of {user} is switched off: nothing it was given works."
    else:
        missing = "" if allowed else _of(user, policy.why_not(user, permission, target))
    return Explanation(
        allowed=allowed,
        question=f"May {user} {words(kind, permission, target)}?",
        links=tuple(links(user, permission, target)) if allowed else (),
        missing=missing,
    )


def links(user: User, permission: str, target: Model) -> list[Link]:
    """Everything by which the person has the permission on the object."""
    if not user.is_active:
        return []
    found = [Link("is a superuser, who may everything")] if user.is_superuser else []
    match policy.kind_of(type(target)):
        case "cluster":
            found += _granted(user, target, giving("cluster", permission))
        case "virtualmachine":
            vm: Any = target
            found += _granted(user, vm, giving("virtualmachine", permission))
            found += _granted(user, vm.cluster, of_cluster_for_machines(permission))
            if vm.owner:
                found += _by_owner(user, vm.owner, permission)
        case "project":
            found += _part(user, target, permission)
        case "node" | "nodegroup" | "network":
            found += _granted(user, getattr(target, "cluster"), giving("cluster", permission))  # noqa: B009
    return found


def _of(user: User, told: str) -> str:
    """What is told to the person, as it is told of him."""
    return (
        told.replace("You", str(user), 1).replace("give you", "give it to them").replace(" the right.", ".")
    )


def _granted(user: User, on: Model, wanted: frozenset[str]) -> list[Link]:
    groups = set(groups_of(user))
    return [
        _link(held, on)
        for held in holdings(on)
        if not held.has_ended
        and wanted.intersection(held.permissions)
        and (held.holder == user if held.is_person else held.holder.pk in groups)
    ]


def _link(held: Holding, on: Model) -> Link:
    through = "" if held.is_person else f" through {held.name}"
    giver = f", given by {held.granted_by}" if held.granted_by else ""
    return Link(f"{held.label} on {on}{through}{giver}", held.expires_at, held.note)


def _by_owner(user: User, project: Project, permission: str) -> list[Link]:
    found = [
        Link(f"leads {project}, which owns it", link.expires_at) for link in _part(user, project, "lead")
    ]
    if project.member_role in member_roles_with(permission):
        role = ROLES["virtualmachine"][project.member_role].label
        words = f"has a part in {project}, which owns it and makes its members {role.lower()}"
        found += [Link(words, link.expires_at) for link in _part(user, project, "view")]
    return found


def _part(user: User, project: Any, permission: str) -> list[Link]:
    roles = [Membership.Role.LEAD] if permission == "lead" else list(Membership.Role)
    rows = Membership.objects.filter(project=project, user=user, role__in=roles).select_related("added_by")
    found = [
        Link(
            f"{row.get_role_display()} of {project}" + (f", added by {row.added_by}" if row.added_by else "")
        )
        for row in rows
    ]
    return found + _granted(user, project, giving("project", permission))
