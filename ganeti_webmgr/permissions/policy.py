"""Who may do what. The only module that decides, and it decides by narrowing querysets.

A list and a single check are the same query, so they cannot disagree.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.refusal import Refusal

M = TypeVar("M", bound=Model)


class Denied(Refusal):
    """The person may see the object and may not do this with it; the text says why."""

    status = 403
    title = "You may not do that"


def permitted(user: User | AnonymousUser, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of the queryset on which the person has the permission."""
    if sees_all(user):
        return queryset
    return queryset.none()


def sees_all(user: User | AnonymousUser) -> bool:
    """Whether nothing is hidden from the person, so that lists may be followed as a whole."""
    return user.is_active and user.is_superuser


def may(user: User | AnonymousUser, permission: str, target: Model) -> bool:
    """Whether the person has the permission on this object."""
    rows = type(target)._default_manager.filter(pk=target.pk)
    return permitted(user, permission, rows).exists()


def require(user: User | AnonymousUser, permission: str, target: Model) -> None:
    """Raises Denied with the reason unless the person has the permission on this object."""
    reason = explain(user, permission, target)
    if reason:
        raise Denied(reason)


def explain(user: User | AnonymousUser, permission: str, target: Model) -> str:
    """Why the person may not, in words to show; empty when he may."""
    if may(user, permission, target):
        return ""
    return f"You may not {permission} {target}. An administrator can give you the right."
