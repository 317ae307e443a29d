"""Groups: people to whom something is given at once. Those of projects are the projects' own affair."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.people.access import require
from ganeti_webmgr.permissions.holders import given_to
from ganeti_webmgr.permissions.projects import OF_PROJECTS, find_person


def own_groups() -> QuerySet[Group]:
    """All groups that belong to no project."""
    return Group.objects.filter(project=None)


@transaction.atomic
def create_group(name: str, *, by: User) -> Group:
    """A group with nobody in it; ValidationError where its name is taken."""
    require(by)
    group = Group(name=_free(name))
    group.save()
    record("group.created", group, by=by, after={"name": group.name})
    return group


@transaction.atomic
def rename_group(group: Group, name: str, *, by: User) -> None:
    """Another name for the group; what it holds stays."""
    require(by)
    before = group.name
    if name.strip() == before:
        return
    group.name = _free(name, but=group)
    group.save(update_fields=["name"])
    _tell(group)
    record("group.renamed", group, by=by, before={"name": before}, after={"name": group.name})


@transaction.atomic
def remove_group(group: Group, *, by: User) -> None:
    """Ends the group, with all that was given to it."""
    require(by)
    before = {
        "members": sorted(group.user_set.values_list("username", flat=True)),
        "grants": [{"on": str(held.on), **held.as_data()} for held in given_to(group)],
    }
    _tell(group)
    record("group.removed", group, by=by, before=before)
    group.delete()


@transaction.atomic
def add_to_group(group: Group, typed: str, *, by: User) -> User:
    """Puts in the one with exactly that user name or mail address; ValidationError where there is none."""
    require(by)
    person = find_person(typed)
    if group.user_set.filter(pk=person.pk).exists():
        raise ValidationError({"person": f"{person} is in {group} already."})
    _add(group, person, by=by)
    return person


@transaction.atomic
def remove_from_group(group: Group, person: User, *, by: User) -> None:
    """Takes the person out, who then has no more what was given to the group."""
    require(by)
    if group.user_set.filter(pk=person.pk).exists():
        _remove(group, person, by=by)


@transaction.atomic
def set_groups(person: User, groups: Iterable[Group], *, by: User) -> None:
    """Puts the person into exactly these groups; those of projects stay as they are."""
    require(by)
    wanted, present = set(groups), set(own_groups().filter(user=person))
    for group in sorted(wanted - present, key=str):
        _add(group, person, by=by)
    for group in sorted(present - wanted, key=str):
        _remove(group, person, by=by)


def _add(group: Group, person: User, *, by: User) -> None:
    group.user_set.add(person)
    publish(f"user:{person.pk}")
    record("group.member-added", group, by=by, person=person, after={"person": str(person)})


def _remove(group: Group, person: User, *, by: User) -> None:
    group.user_set.remove(person)
    publish(f"user:{person.pk}")
    record("group.member-removed", group, by=by, person=person, before={"person": str(person)})


def _free(name: str, *, but: Group | None = None) -> str:
    name = name.strip()
    if not name:
        raise ValidationError({"name": "A group needs a name."})
    if name.startswith(OF_PROJECTS):
        raise ValidationError({"name": f"Names that begin with “{OF_PROJECTS}” are for projects."})
    others = Group.objects.filter(name__iexact=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise ValidationError({"name": "There is a group of that name already."})
    return name


def _tell(group: Group) -> None:
    publish(*(f"user:{pk}" for pk in group.user_set.values_list("pk", flat=True)))
