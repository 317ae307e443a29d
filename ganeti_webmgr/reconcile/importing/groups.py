"""Groups: those that own or may own something become projects, the others stay groups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, count

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.projects import LEAD, MEMBER, OF_PROJECTS, free_slug, join, new_project
from ganeti_webmgr.reconcile.importing.clusters import address
from ganeti_webmgr.reconcile.importing.known import Known, text
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source
from ganeti_webmgr.reconcile.models import FormerGroup, FormerOwner


def bring_groups(source: Source, known: Known, report: Report) -> None:
    """Groups and projects with the people in them."""
    report.part("Groups and projects")
    owning = set(_owning(source))
    _know_what_was_made(source, known)
    admins = {(row["obj_id"], row["user_id"]) for row in source.rows("group_rights") if row.get("admin")}
    members: dict[int, list[int]] = {}
    for row in source.rows("members"):
        members.setdefault(row["group_id"], []).append(row["user_id"])
    for row in source.rows("groups"):
        with report.one(text(row, "name")):
            if row["id"] in owning:
                leads = {person for group, person in admins if group == row["id"]}
                _bring_project(row, members.get(row["id"], []), leads, known, report)
            else:
                _bring_group(row, members.get(row["id"], []), known, report)
    _bring_owners(source, known)


def _owning(source: Source) -> Iterator[int]:
    """The numbers of groups that own machines, have quotas or administrators, or may make machines."""
    organizations = {row["clusteruser_ptr_id"]: row["group_id"] for row in source.rows("organizations")}
    for name, column in (("machines", "owner_id"), ("quotas", "user_id")):
        yield from (organizations[row[column]] for row in source.rows(name) if row[column] in organizations)
    yield from (row["obj_id"] for row in source.rows("group_rights") if row.get("admin"))
    for row in source.rows("cluster_rights"):
        if row.get("group_id") and (row.get("create_vm") or row.get("admin")):
            yield row["group_id"]


def _know_what_was_made(source: Source, known: Known) -> None:
    """What an earlier import made of groups, by their numbers beside the clusters of this file.

    What has the same name need not be the same: names repeat, and others may have made it.
    """
    urls = []
    for row in source.rows("clusters"):
        with suppress(ValidationError, ValueError, OverflowError):
            urls.append(address(row))
    rows = FormerOwner.objects.filter(cluster__url__in=urls, key__startswith="G:").exclude(project=None)
    known.made = {row.key: row.project for row in rows.select_related("project__group") if row.project}
    groups = FormerGroup.objects.filter(cluster__url__in=urls).select_related("group")
    known.made_groups = {row.number: row.group for row in groups}


def _bring_project(row: Row, people: list[int], leads: set[int], known: Known, report: Report) -> None:
    name = text(row, "name", 100)
    project = known.made.get(f"G:{row['id']}")
    if project:
        report.same(f"{name}: a project, {project.slug}, brought over before")
    else:
        is_double = Project.objects.filter(name=name).exists()
        project = new_project(name, slug=free_slug(name))
        # There, members had nothing on what the group owned but what the group was given.
        Project.objects.filter(pk=project.pk).update(member_role=Project.MemberRole.VIEWER)
        record("project.created", project, by=known.by, after={"name": name, "member_role": "viewer"})
        report.did(f"{name}: a project, whose members see its machines and have what the group was given")
        if is_double:
            report.could_not(
                f"{name}: another project of that name is here, with its own people. "
                f"The one brought over is {project.slug}"
            )
    known.projects[row["id"]], known.groups[row["id"]] = project, project.group
    for number in people:
        person = known.people.get(number)
        if person is None or Membership.objects.filter(project=project, user=person).exists():
            continue
        role = LEAD if number in leads else MEMBER
        join(project, person, role, by=None)
        record(
            "member.added", project, by=known.by, person=person, after={"person": str(person), "role": role}
        )
        report.did(f"{name}: {person} is a {role}")
    if not Membership.objects.filter(project=project, role=LEAD).exists():
        report.could_not(f"{name}: nobody leads it. Make somebody a lead, or leave it to superusers")


def _bring_group(row: Row, people: list[int], known: Known, report: Report) -> None:
    name = text(row, "name", 140)
    group = known.made_groups.get(row["id"])
    if group:
        report.same(f"{name}: a group, {group}, brought over before")
    else:
        group = Group.objects.create(name=_free(name))
        record("group.created", group, by=known.by, after={"name": group.name})
        report.did(f"{name}: a group, as it owns nothing")
        if group.name != name:
            report.could_not(
                f"{name}: that name is not free here, and nobody is put into a group that was here before. "
                f"The one brought over is {group}"
            )
    known.groups[row["id"]] = group
    for number in people:
        person = known.people.get(number)
        if person is None or group.user_set.filter(pk=person.pk).exists():
            continue
        group.user_set.add(person)
        record("group.member-added", group, by=known.by, person=person, after={"person": str(person)})
        report.did(f"{name}: {person} is in it")


def _free(name: str) -> str:
    """The name, else one like it, that no group has and no project's group can ever have."""
    wanted = name.removeprefix(OF_PROJECTS).strip() or "group"
    taken = {taken.casefold() for taken in Group.objects.values_list("name", flat=True)}
    numbered = (f"{wanted} ({number})" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each.casefold() not in taken)


def _bring_owners(source: Source, known: Known) -> None:
    """Whom the numbers of owners mean; nothing is made for it."""
    for row in source.rows("profiles"):
        if person := known.people.get(row["user_id"]):
            known.owners[row["clusteruser_ptr_id"]] = person
    for row in source.rows("organizations"):
        if project := known.projects.get(row["group_id"]):
            known.owners[row["clusteruser_ptr_id"]] = project
