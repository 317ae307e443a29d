"""Who and what the numbers of the original are here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import personal_project
from ganeti_webmgr.reconcile.importing.source import Row
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import Owner


@dataclass
class Known:
    """Each by its number there. What could not be brought over is in none of them."""

    by: str
    people: dict[int, User] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)  # a project's own, where it became one
    projects: dict[int, Project] = field(default_factory=dict)  # by the number of the group
    made: dict[str, Project] = field(default_factory=dict)  # by an earlier import, as tags call the group
    made_groups: dict[int, Group] = field(default_factory=dict)  # by an earlier import
    owners: dict[int, Owner] = field(default_factory=dict)
    clusters: dict[int, Cluster] = field(default_factory=dict)
    machines: dict[int, VirtualMachine] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)  # clusters, by their keys here, that were not here before

    def holder(self, row: Row) -> User | Group | None:
        """Who holds the right that the row gives."""
        if row.get("user_id"):
            return self.people.get(row["user_id"])
        return self.groups.get(row.get("group_id") or 0)

    def project_of(self, number: Any) -> Project | None:
        """The project of an owner; a person's own is made where it was never needed."""
        owner = self.owners.get(number)
        return personal_project(owner, by=self.by) if isinstance(owner, User) else owner


def text(row: Row, name: str, most: int = 0) -> str:
    """A column as text without space around it; empty where it is not there."""
    told = str(row.get(name) or "").strip()
    return told[:most] if most else told


def limit(row: Row, name: str) -> int | None:
    """A number that limits something; None: no limit."""
    told = row.get(name)
    return int(told) if told is not None and int(told) >= 0 else None
