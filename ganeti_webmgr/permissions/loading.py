"""Objects for views, loaded only together with the check."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy

M = TypeVar("M", bound=Model)


def get_permitted(user: User | AnonymousUser, permission: str, queryset: QuerySet[M], **lookup: Any) -> M:
    """The object: Http404 where the person may not see it, Denied where he may see it and not do this."""
    found = get_object_or_404(policy.permitted(user, "view", queryset), **lookup)
    if permission != "view":
        policy.require(user, permission, found)
    return found


def get_named(user: User | AnonymousUser, queryset: QuerySet[M], name: str) -> M:
    """What has that name on its cluster, else what had it last; Http404 where none is to be seen.

    Names repeat: one that is gone may still be listed beside its successor.
    """
    visible = policy.permitted(user, "view", queryset.filter(name=name))
    found = visible.order_by(F("missing_since").desc(nulls_first=True), "-pk").first()
    if found is None:
        raise Http404
    return found
