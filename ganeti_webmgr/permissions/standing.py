"""As what somebody acts on an object: what the record says beside the name."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Membership


def standing(user: User, target: Model) -> str:
    """ "superuser", the person's part in the project that owns it, or empty: by a grant."""
    if policy.sees_all(user):
        return "superuser"
    owner: Any = getattr(target, "owner", None)
    part = Membership.objects.filter(project=owner, user=user).first() if owner else None
    return part.role if part else ""
