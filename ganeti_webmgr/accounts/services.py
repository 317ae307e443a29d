"""What people change about their own account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from ganeti_webmgr.accounts import ssh
from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.accounts.sessions import end_all
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.live import publish


@transaction.atomic
def change_profile(user: User, **changes: Any) -> None:
    """Name, mail or time zone as the person wants them."""
    row = User.objects.select_for_update().get(pk=user.pk)
    before = {name: getattr(row, name) for name in changes}
    if before == changes:
        return
    User.objects.filter(pk=row.pk).update(**changes)
    publish(f"user:{row.pk}")
    record("person.profile-changed", row, by=row, person=row, before=before, after=changes)


@transaction.atomic
def change_password(
    user: AbstractBaseUser, password: str, *, session_key: str | None = None, by_mail: bool = False
) -> None:
    """A password that only the person knows; ends all sessions but the one of that key."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.set_password(password)
    row.password_is_temporary = False
    row.save(update_fields=["password", "password_is_temporary"])
    after = {"through": "a link sent by mail"} if by_mail else None
    record("person.password-changed", row, by=row, person=row, after=after)
    end_all(row, by=row, but=session_key)


@transaction.atomic
def add_key(user: User, pasted: str, *, name: str = "", by: User | str = "") -> SSHKey:
    """The person's new key; ValidationError, by field, where it is none or there already."""
    try:
        key = ssh.read(pasted)
    except ssh.NotAKey as error:
        raise ValidationError({"text": str(error)}) from error
    existing = SSHKey.objects.filter(user=user, fingerprint=key.fingerprint).first()
    if existing:
        raise ValidationError({"text": f"You have this key already, as “{existing}”."})
    row = SSHKey.objects.create(
        user=user,
        name=(name or key.comment or key.kind)[:100],
        text=key.text,
        kind=key.kind,
        fingerprint=key.fingerprint,
    )
    publish(f"user:{user.pk}")
    record("key.added", _subject(row), by=by or user, person=user, after=_said(row))
    return row


@transaction.atomic
def remove_key(key: SSHKey) -> None:
    """Takes the key out of what is put on new machines; machines that have it keep it."""
    user, subject, said = key.user, _subject(key), _said(key)
    key.delete()
    publish(f"user:{user.pk}")
    record("key.removed", subject, by=user, person=user, before=said)


def _subject(key: SSHKey) -> Subject:
    return Subject("key", key.pk, key.name)


def _said(key: SSHKey) -> dict[str, str]:
    return {"name": key.name, "kind": key.kind, "fingerprint": key.fingerprint}
