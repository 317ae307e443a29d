"""Projects and their people: made, changed, and left."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.ui.refusal import Refusal

LEAD, MEMBER = Membership.Role.LEAD, Membership.Role.MEMBER
OF_PROJECTS = "project:"  # so begin the names of projects' groups


class NotPossible(Refusal):
    """The people of a project cannot be changed in that way."""

    status = 409
    title = "That cannot be done"


def may_create(user: User) -> bool:
    """Whether the person may make shared projects."""
    return policy.sees_all(user) or user.may_create_projects


@transaction.atomic
def create_project(name: str, *, by: User, description: str = "", slug: str = "") -> Project:
    """A shared project with the person as its first lead; Denied or ValidationError, by field."""
    if not may_create(by):
        raise policy.Denied("You may not make projects. An administrator can give you the right.")
    project = new_project(name, slug=slug or word_for(name), description=description)
    join(project, by, LEAD, by=by)
    record("project.created", project, by=by, after={"name": name, "description": description})
    return project


@transaction.atomic
def personal_project(user: User, *, by: str = "") -> Project:
    """The person's own project, made now if he never had one; by himself where nobody else is named."""
    existing = Project.objects.filter(personal_of=user).first()
    if existing:
        return existing
    project = new_project(user.get_username(), slug=free_slug(user.get_username()), personal_of=user)
    join(project, user, LEAD, by=None)
    record("project.created", project, by=by or user, after={"name": project.name, "personal": True})
    return project


@transaction.atomic
def change_project(project: Project, *, by: User, **changes: Any) -> None:
    """Name, description or member role of the project, as a lead wants it."""
    policy.require(by, "lead", project)
    before = {name: getattr(project, name) for name in changes}
    for name, value in changes.items():
        setattr(project, name, value)
    project.full_clean(exclude=["group", "personal_of"])
    if before == changes:
        return
    project.save(update_fields=list(changes))
    _tell(project)
    record("project.changed", project, by=by, before=before, after=changes)


@transaction.atomic
def add_member(project: Project, typed: str, *, by: User, role: str = MEMBER) -> Membership:
    """Somebody's part in the project, found by the whole user name or mail address, as nobody is listed."""
    policy.require(by, "lead", project)
    if role not in Membership.Role:
        raise ValidationError({"role": f"There is no part “{role[:40]}” in a project."})
    user = find_person(typed)
    if Membership.objects.filter(project=project, user=user).exists():
        raise ValidationError({"person": f"{user} has a part in {project} already."})
    membership = join(project, user, role, by=by)
    record("member.added", project, by=by, person=user, after={"person": str(user), "role": role})
    return membership


@transaction.atomic
def set_role(membership: Membership, role: str, *, by: User) -> None:
    """Makes a member a lead, or a lead a member; NotPossible for the last lead."""
    project, user = membership.project, membership.user
    policy.require(by, "lead", project)
    if role not in Membership.Role:
        raise ValidationError({"role": f"There is no part “{role[:40]}” in a project."})
    if role == membership.role:
        return
    before = membership.role
    if before == LEAD:
        _keep_a_lead(project, membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _tell(project, user)
    record("member.changed", project, by=by, person=user, before={"role": before}, after={"role": role})


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Ends somebody's part in the project: by a lead, or by the one who leaves."""
    project, user = membership.project, membership.user
    if by != user:
        policy.require(by, "lead", project)
    if membership.role == LEAD:
        _keep_a_lead(project, membership)
    membership.delete()
    project.group.user_set.remove(user)
    _tell(project, user)
    record(
        "member.removed", project, by=by, person=user, before={"person": str(user), "role": membership.role}
    )


def find_person(typed: str, *, switched_on: bool = True) -> User:
    """The one with exactly that user name or mail address; ValidationError where there is no such person.

    Accounts that are switched off are found only where it is said.
    """
    typed = typed.strip()
    if not typed:
        raise ValidationError({"person": "Type a user name or a mail address."})
    people = User.objects.filter(is_active=True) if switched_on else User.objects.all()
    found = people.filter(username=typed).first()
    if found is None and "@" in typed:
        found = people.filter(email__iexact=typed).order_by("pk").first()
    if found is None:
        raise ValidationError(
            {"person": f"Nobody here is called “{typed[:80]}”. Type the whole name or address."}
        )
    return found


def new_project(name: str, *, slug: str, description: str = "", personal_of: User | None = None) -> Project:
    """The project, with nobody in it; ValidationError, by field. Nobody is asked, nothing recorded."""
    project = Project(name=name, slug=slug, description=description, personal_of=personal_of)
    if not slug:
        raise ValidationError({"name": f"“{name}” has no letter or digit to make an address of."})
    if slug.isdecimal():
        raise ValidationError(
            {"name": f"“{slug}” alone cannot be its address: tags of an older manager have numbers."}
        )
    project.full_clean(exclude=["group", "personal_of"])
    project.group = Group.objects.create(name=f"{OF_PROJECTS}{slug}")
    project.save(force_insert=True)
    return project


def join(project: Project, user: User, role: str, *, by: User | None) -> Membership:
    """Gives the person a part in the project; nobody is asked, nothing recorded."""
    membership = Membership.objects.create(project=project, user=user, role=role, added_by=by)
    project.group.user_set.add(user)
    _tell(project, user)
    return membership


def _keep_a_lead(project: Project, leaving: Membership) -> None:
    # Locked: two leads who leave at once must not both find the other one there.
    Project.objects.select_for_update().get(pk=project.pk)
    if not Membership.objects.filter(project=project, role=LEAD).exclude(pk=leaving.pk).exists():
        raise NotPossible(f"{leaving.user} is the last lead of {project}. Make somebody else a lead first.")


def _tell(project: Project, *users: User) -> None:
    people = users or User.objects.filter(memberships__project=project)
    publish(f"project:{project.pk}", *(f"user:{user.pk}" for user in people))


def word_for(name: str) -> str:
    """The name as it is in addresses: empty where none can be made of it, and never a number alone.

    `gwm:owner:12` is what the first Ganeti Web Manager wrote of the twelfth owner in its own database.
    """
    word = slugify(name)
    return f"p-{word}" if word.isdecimal() else word


def free_slug(name: str) -> str:
    """A word for the name in addresses that no project has."""
    wanted = word_for(name)[:50] or "person"
    taken = set(Project.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)
