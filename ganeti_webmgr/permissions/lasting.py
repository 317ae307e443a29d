"""How long somebody's right on an object lasts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.ways import Ways


def lasts_until(user: User, permission: str, target: Model) -> datetime | None:
    """The moment at which the person's right ends; None where it does not, and now where there is none."""
    if policy.sees_all(user):
        return None
    found = Ways(user, target).links(permission)
    if any(link.expires_at is None for link in found):
        return None
    return max((link.expires_at for link in found if link.expires_at), default=timezone.now())
