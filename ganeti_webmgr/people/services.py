"""Accounts of other people: made, changed, switched off and on again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import end_all
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.people.access import require
from ganeti_webmgr.people.groups import set_groups
from ganeti_webmgr.ui.refusal import Refusal


class NotPossible(Refusal):
    """Nobody could administer the site any more, or somebody would lock himself out."""

    status = 409


@transaction.atomic
def create_person(username: str, *, by: User, groups: Iterable[Group] = (), **facts: Any) -> tuple[User, str]:
    """A new account, and the password with which its owner gets in for the first time."""
    require(by)
    password = one_time_password()
    person = User(username=username, password_is_temporary=True, **facts)
    person.set_password(password)
    person.full_clean()
    person.save(force_insert=True)
    publish(f"user:{person.pk}")
    record("person.created", person, by=by, person=person, after={"username": username, **facts})
    set_groups(person, groups, by=by)
    return person, password


@transaction.atomic
def change_person(person: User, *, by: User, groups: Iterable[Group] | None = None, **changes: Any) -> None:
    """Name, mail, standing and groups; NotPossible where no administrator would be left."""
    require(by)
    row = User.objects.select_for_update().get(pk=person.pk)
    before = {name: getattr(row, name) for name in changes}
    if before.get("is_superuser") and not changes["is_superuser"]:
        _keep_an_administrator(row)
    if before != changes:
        for name, value in changes.items():
            setattr(row, name, value)
        row.full_clean()
        row.save(update_fields=list(changes))
        publish(f"user:{row.pk}")
        record("person.changed", row, by=by, person=row, before=before, after=changes)
    if groups is not None:
        set_groups(row, groups, by=by)


@transaction.atomic
def set_password(person: User, *, by: User) -> str:
    """A password for one time, in the place of the present one; ends all sessions of the person."""
    require(by)
    row = User.objects.select_for_update().get(pk=person.pk)
    password = one_time_password()
    row.set_password(password)
    row.password_is_temporary = True
    row.save(update_fields=["password", "password_is_temporary"])
    record("person.password-set", row, by=by, person=row)
    end_all(row, by=by)
    return password


@transaction.atomic
def deactivate(person: User, *, by: User) -> None:
    """Switches the account off, with all that its owner has open at this moment."""
    require(by)
    if reason := why_not_deactivate(person, by=by):
        raise NotPossible(reason)
    _set_active(person, False, by=by, action="person.deactivated")
    end_all(person, by=by)


@transaction.atomic
def activate(person: User, *, by: User) -> None:
    """Switches the account on again: what was given to it and has not ended works as before."""
    require(by)
    _set_active(person, True, by=by, action="person.activated")


def why_not_deactivate(person: User, *, by: User) -> str:
    """Why that cannot be done; empty where it can."""
    return "You cannot switch off your own account. Another administrator can." if person == by else ""


def one_time_password() -> str:
    return secrets.token_urlsafe(12)


def _set_active(person: User, active: bool, *, by: User, action: str) -> None:
    row = User.objects.select_for_update().get(pk=person.pk)
    if row.is_active == active:
        return
    row.is_active = active
    row.save(update_fields=["is_active"])
    publish(f"user:{row.pk}")
    record(action, row, by=by, person=row, before={"is_active": not active}, after={"is_active": active})


def _keep_an_administrator(leaving: User) -> None:
    # Locked, all of them: two who step down at once must not both find the other one there.
    admins = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    if all(admin == leaving for admin in list(admins)):
        raise NotPossible(f"{leaving} is the last administrator. Make somebody else one first.")
