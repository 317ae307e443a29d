"""Every link by which somebody may do something with an object, in words, with who gave it and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.holders import Holding, holdings
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.reach import groups_of
from ganeti_webmgr.permissions.vocabulary import ROLES, giving, member_roles_with, of_cluster_for_machines


@dataclass(frozen=True)
class Link:
    """One thing that is enough by itself."""

    words: str
    expires_at: datetime | None = None
    note: str = ""


class Ways:
    """The ways on which rights on the object reach the person: read once, whatever is asked of them."""

    def __init__(self, user: User, target: Model) -> None:
        self.user = user
        self.target: Any = target
        self._read: dict[Model, list[Holding]] = {}

    def links(self, permission: str) -> list[Link]:
        """Everything by which the person has the permission."""
        if not self.user.is_active:
            return []
        found = [Link("is a superuser, who may everything")] if self.user.is_superuser else []
        target = self.target
        match policy.kind_of(type(target)):
            case "cluster":
                found += self._granted(target, giving("cluster", permission))
            case "virtualmachine":
                found += self._granted(target, giving("virtualmachine", permission))
                found += self._granted(target.cluster, of_cluster_for_machines(permission))
                if target.owner:
                    found += self._by_owner(target.owner, permission)
            case "project":
                found += self._part(target, permission)
            case "node" | "nodegroup" | "network":
                found += self._granted(target.cluster, giving("cluster", permission))
        return found

    def _granted(self, on: Model, wanted: Iterable[str]) -> list[Link]:
        return [
            _link(held, on) for held in self._reaching(on) if not set(wanted).isdisjoint(held.permissions)
        ]

    def _reaching(self, on: Model) -> list[Holding]:
        """What was given on the object to the person or a group of his, and has not ended."""
        if on not in self._read:
            self._read[on] = [
                held
                for held in holdings(on)
                if not held.has_ended
                and (held.holder == self.user if held.is_person else held.holder.pk in self._groups)
            ]
        return self._read[on]

    def _by_owner(self, project: Project, permission: str) -> list[Link]:
        found = [
            Link(f"leads {project}, which owns it", link.expires_at) for link in self._part(project, "lead")
        ]
        if project.member_role in member_roles_with(permission):
            role = ROLES["virtualmachine"][project.member_role].label
            words = f"has a part in {project}, which owns it and makes its members {role.lower()}"
            found += [Link(words, link.expires_at) for link in self._part(project, "view")]
        return found

    def _part(self, project: Project, permission: str) -> list[Link]:
        found = [
            Link(
                f"{part.get_role_display()} of {project}"
                + (f", added by {part.added_by}" if part.added_by else "")
            )
            for part in self._memberships
            if permission != "lead" or part.role == Membership.Role.LEAD
        ]
        return found + self._granted(project, giving("project", permission))

    @cached_property
    def _groups(self) -> frozenset[int]:
        return frozenset(groups_of(self.user))

    @cached_property
    def _memberships(self) -> list[Membership]:
        """The person's own part in the project that the object is or belongs to."""
        project = self.target if policy.kind_of(type(self.target)) == "project" else self.target.owner
        return list(Membership.objects.filter(project=project, user=self.user).select_related("added_by"))


def _link(held: Holding, on: Model) -> Link:
    through = "" if held.is_person else f" through {held.name}"
    giver = f", given by {held.granted_by}" if held.granted_by else ""
    return Link(f"{held.label} on {on}{through}{giver}", held.expires_at, held.note)
