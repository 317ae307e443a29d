"""The ways on which a right reaches an object: own grants, the cluster's, the owning project's.

Each is a condition on rows, for a person or, with PERSON, for whoever asks. They ask the database once, as
subqueries of the list that they narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

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
Condition = Callable[[Who, str], Q]
LEAD = Membership.Role.LEAD.value


def cluster(path: str) -> Condition:
    """By grants on the cluster at that path."""
    return lambda user, permission: granted("cluster", path, user, giving("cluster", permission))


def machine(path: str) -> Condition:
    """By grants on the machine at that path."""
    return lambda user, permission: granted(
        "virtualmachine", path, user, giving("virtualmachine", permission)
    )


def machine_by_cluster(path: str) -> Condition:
    """By grants on the cluster that the machine stands on."""
    return lambda user, permission: granted("cluster", path, user, of_cluster_for_machines(permission))


def part_of_cluster(path: str) -> Condition:
    """A part of a cluster is what its cluster is to the person."""
    return cluster(path)


def owner(path: str) -> Condition:
    """By the person's part in the project that owns the machine."""

    def condition(user: Who, permission: str) -> Q:
        roles = member_roles_with(permission)
        if roles.issuperset(MEMBER_ROLES):
            return part_in_project(path, user)
        led = part_in_project(path, user, role=LEAD)
        if not roles:
            return led
        return led | (part_in_project(path, user) & Q(**{f"{path}__member_role__in": sorted(roles)}))

    return condition


def project(path: str) -> Condition:
    """By the person's part in the project at that path."""
    return lambda user, permission: part_in_project(path, user, role=LEAD if permission == "lead" else None)


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
    by_person, by_group = GRANTS[kind]
    if not permissions:
        return Q(pk__in=[])
    named = _in_force(user) & Q(permission__codename__in=sorted(permissions))
    reaching = groups_of(user) if groups is None else groups
    by_groups = by_group._default_manager.filter(named, group__in=reaching).values("content_object")
    found = Q(**{f"{path}__in": by_groups})
    if by_person is not None:
        persons = by_person._default_manager.filter(named, user=user).values("content_object")
        found |= Q(**{f"{path}__in": persons})
    return found


def groups_of(user: Who) -> QuerySet[Group, int]:
    """The groups whose grants reach the person: his own, his projects', his groups' projects'."""
    by_group = ProjectGroupGrant._default_manager.filter(_in_force(user), group__user=user)
    rows = Group.objects.filter(Q(user=user) | Q(project__in=by_group.values("content_object")))
    return rows.values_list("pk", flat=True)


def part_in_project(path: str, user: Who, *, role: str | None = None) -> Q:
    """The rows at whose path there is a project in which the person has that part, himself or by a group."""
    own = Membership.objects.filter(user=user)
    by_group = ProjectGroupGrant._default_manager.filter(_in_force(user), group__user=user)
    if role:
        own, by_group = own.filter(role=role), by_group.filter(permission__codename=role)
    projects = {f"{path}__in": own.values("project")}
    return Q(**projects) | Q(**{f"{path}__in": by_group.values("content_object")})


def _in_force(user: Who) -> Q:
    """Grants that are in force when it is asked."""
    return in_force(MOMENT if isinstance(user, Blank) else None)
