"""The ways on which a right reaches an object: own grants, the cluster's, the owning project's.

Each is a condition on rows, for a person or, with PERSON, for whoever asks. They ask the database once, as
subqueries of the list that they narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model, Q, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.models import GRANTS, Membership, Project, ProjectGroupGrant, in_force
from ganeti_webmgr.permissions.question import MOMENT, Blank
from ganeti_webmgr.permissions.vocabulary import (
    MEMBER_ROLES,
    giving,
    member_roles_with,
    of_cluster_for_machines,
)

Who = User | Blank
Rows = QuerySet[Any, Any]
Words = tuple[Rows, str]  # where they stand: rows, and the path of the word in each
LEAD = Membership.Role.LEAD.value


@dataclass(frozen=True)
class Grants:
    """By what the person, or a group that reaches him, was given on the object at the path.

    `enough` names what gives a permission.
    """

    kind: str
    path: str
    enough: Callable[[str], frozenset[str]]

    def __call__(self, user: Who, permission: str) -> Q:
        return granted(self.kind, self.path, user, self.enough(permission))

    def words(self, user: Who, rows: Rows) -> list[Words]:
        """All that he was given on this way to the rows."""
        at = Q(content_object__in=rows.values(self.path))
        return [(found.filter(at), "permission__codename") for found in given(self.kind, user)]


@dataclass(frozen=True)
class Part:
    """By the person's part in the project at the path, himself or by a group.

    He leads it, or has the role that it gives its members. `enough` names the roles that give a permission.
    """

    path: str
    enough: Callable[[str], frozenset[str]]

    def __call__(self, user: Who, permission: str) -> Q:
        roles = self.enough(permission)
        if roles.issuperset(MEMBER_ROLES):
            return part_in_project(self.path, user)
        led = part_in_project(self.path, user, role=LEAD)
        if not (others := sorted(roles - {LEAD})):
            return led
        return led | (part_in_project(self.path, user) & Q(**{f"{self.path}__member_role__in": others}))

    def words(self, user: Who, rows: Rows) -> list[Words]:
        """All his roles on this way to the rows."""
        projects = rows.values(self.path)
        own, by_group = parts(user)
        own, by_group = own.filter(project__in=projects), by_group.filter(content_object__in=projects)
        return [
            (own, "role"),
            (own, "project__member_role"),
            (by_group, "permission__codename"),
            (by_group, "content_object__member_role"),
        ]


Way = Grants | Part


def cluster(path: str) -> Grants:
    """By grants on the cluster at that path. A part of a cluster is what its cluster is to the person."""
    return Grants("cluster", path, partial(giving, "cluster"))


def machine(path: str) -> Grants:
    """By grants on the machine at that path."""
    return Grants("virtualmachine", path, partial(giving, "virtualmachine"))


def machine_by_cluster(path: str) -> Grants:
    """By grants on the cluster that the machine stands on."""
    return Grants("cluster", path, of_cluster_for_machines)


def owner(path: str) -> Part:
    """By the person's part in the project that owns the machine."""
    return Part(path, lambda permission: member_roles_with(permission) | {LEAD})


def project(path: str) -> Part:
    """By the person's part in the project at that path."""
    return Part(path, lambda permission: frozenset({LEAD, *(MEMBER_ROLES if permission != "lead" else ())}))


def job(user: Who, permission: str) -> Q:
    """Seen by those who see its machine or cluster; cancelled by who asked for it and who administers.

    One that is to make a machine is seen by whoever asked for it and by those whose the machine will be.
    """
    machines = _on(apps.get_model("vms", "VirtualMachine"), "vm", user)
    clusters = _on(apps.get_model("clusters", "Cluster"), "cluster", user)
    makes = Q(vm=None, owner__isnull=False)
    # What was made and is gone again is theirs alone whose it was last.
    asked = makes & Q(requested_by=user) & ~Q(status="done")
    making = asked | makes & part_in_project("owner", user)
    if permission == "view":
        return machines("view") | clusters("view") | making
    own = Q(requested_by=user) & (machines("view") | clusters("view") | makes)
    return own | machines("admin") | clusters("operate")


def console(user: Who, permission: str) -> Q:
    """Seen and ended by whose it is, and by who administers its machine."""
    machines = _on(apps.get_model("vms", "VirtualMachine"), "vm", user)
    return Q(user=user) | machines("admin")


def template(user: Who, permission: str) -> Q:
    """Seen by its project, a published one by all who may deploy there; changed by those who rule there."""
    published = Q(owner=None)
    if permission == "view":
        there = granted("cluster", "cluster", user, giving("cluster", "create_vm"))
        return part_in_project("owner", user) | (published & there)
    own = Q(made_by=user) & part_in_project("owner", user)
    ruled = granted("cluster", "cluster", user, giving("cluster", "admin"))
    return own | part_in_project("owner", user, role=LEAD) | (published & ruled)


def saved_filter(user: Who, permission: str) -> Q:
    """Seen by who made it, once shared by that project; changed by who made it and by the project's leads."""
    private = Q(owner=None, made_by=user)
    part = part_in_project("owner", user)
    if permission == "view":
        return private | part
    return private | (Q(made_by=user) & part) | part_in_project("owner", user, role=LEAD)


def event(user: Who, permission: str) -> Q:
    """Seen by those who decide about its cluster, project or machine, and by whom it is of or about."""
    clusters = _on(apps.get_model("clusters", "Cluster"), "cluster_id", user)
    projects = _on(apps.get_model("permissions", "Project"), "project_id", user)
    # Those of machines on a cluster of his come with the cluster.
    machines = _on(apps.get_model("vms", "VirtualMachine"), "target_id", user, kind="own machine")
    theirs = clusters("admin") | projects("lead") | (Q(target_kind="virtualmachine") & machines("admin"))
    return Q(actor_id=user.pk) | Q(person_id=user.pk) | theirs


def _on(model: type[Model], path: str, user: Who, *, kind: str = "") -> Callable[[str], Q]:
    from ganeti_webmgr.permissions.policy import reached  # noqa: PLC0415 - the table there names this one

    def condition(permission: str) -> Q:
        rows = reached(model, permission, kind)
        if rows is None:
            return Q(pk__in=[])
        return Q(**{f"{path}__in": rows if isinstance(user, Blank) else rows.filled(user)})

    return condition


def deploying(user: User, project: Project | None) -> Q:
    """The clusters on which the person may make machines of that project (None: of a new one of his own).

    By a right that he has whatever he does it for, or by one that was given to that very project.
    """
    groups = Group.objects.filter(pk__in=groups_of(user)).filter(Q(project=None) | Q(project=project))
    own = groups.values_list("pk", flat=True)
    return granted("cluster", "pk", user, giving("cluster", "create_vm"), groups=own)


def granted(
    kind: str,
    path: str,
    user: Who,
    permissions: Collection[str],
    *,
    groups: QuerySet[Group, int] | None = None,
) -> Q:
    """The rows at whose path is an object on which the person, or a group of his, holds one of these.

    `groups` narrows the groups that count.
    """
    found = Q(pk__in=[])
    for grants in given(kind, user, groups=groups) if permissions else ():
        named = grants.filter(permission__codename__in=sorted(permissions))
        found |= Q(**{f"{path}__in": named.values("content_object")})
    return found


def given(kind: str, user: Who, *, groups: QuerySet[Group, int] | None = None) -> list[Rows]:
    """The grants on objects of that kind to groups that reach the person, and to himself."""
    by_person, by_group = GRANTS[kind]
    reaching = groups_of(user) if groups is None else groups
    found = [by_group._default_manager.filter(_in_force(user), group__in=reaching)]
    if by_person is not None:
        found.append(by_person._default_manager.filter(_in_force(user), user=user))
    return found


def groups_of(user: Who) -> QuerySet[Any, int]:
    """The groups whose grants reach the person: his own, his projects', his groups' projects'."""
    projects = Project.objects.filter(pk__in=parts_by_group(user).values("content_object"))
    return direct_groups_of(user).union(projects.values_list("group", flat=True))


def direct_groups_of(user: Who) -> QuerySet[Any, int]:
    """The groups that the person is in."""
    return User.groups.through.objects.filter(user=user).values_list("group", flat=True)


def part_in_project(path: str, user: Who, *, role: str | None = None) -> Q:
    """The rows at whose path there is a project in which the person has that part, himself or by a group."""
    own, by_group = parts(user)
    if role:
        own, by_group = own.filter(role=role), by_group.filter(permission__codename=role)
    projects = {f"{path}__in": own.values("project")}
    return Q(**projects) | Q(**{f"{path}__in": by_group.values("content_object")})


def parts(user: Who) -> tuple[Rows, Rows]:
    """The person's own parts in projects, and those of his groups."""
    return Membership.objects.filter(user=user), parts_by_group(user)


def parts_by_group(user: Who) -> Rows:
    return ProjectGroupGrant._default_manager.filter(_in_force(user), group__in=direct_groups_of(user))


def _in_force(user: Who) -> Q:
    """Grants that are in force when it is asked."""
    return in_force(MOMENT if isinstance(user, Blank) else None)
