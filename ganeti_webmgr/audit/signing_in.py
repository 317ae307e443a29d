"""Signing in, out, and failing to: Django tells of it, the record keeps it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from ganeti_webmgr.audit.record import Subject, record


@receiver(user_logged_in)
def signed_in(sender: Any, user: Any, **_: Any) -> None:
    record("person.signed-in", _subject(user), by=user, person=user)


@receiver(user_logged_out)
def signed_out(sender: Any, user: Any, **_: Any) -> None:
    if user is not None:
        record("person.signed-out", _subject(user), by=user, person=user)


@receiver(user_login_failed)
def refused(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """Only the name: the rest of what was typed may be a password that is one letter off."""
    name = str(credentials.get("username") or credentials.get("login") or "")[:150]
    record("person.refused", Subject("user", None, name), by=name or "nobody")


def _subject(user: Any) -> Subject:
    return Subject("user", user.pk, user.get_username())
