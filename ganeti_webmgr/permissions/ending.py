"""Which rights end soon, for those who decide about what they are on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.holders import SOON, Holding, read
from ganeti_webmgr.permissions.models import GRANTS

MOST = 200
DECIDING = {"cluster": "admin", "virtualmachine": "admin", "project": "lead"}


def count_ending(user: User) -> int:
    """How many rights end soon on what the person decides about, found with one question."""
    first, *others = [
        rows.order_by().values_list(Value(place), field, "content_object")
        for place, (_, field, rows) in enumerate(_tables(user))
    ]
    return first.union(*others).count()


def list_ending(user: User) -> list[Holding]:
    """What ends soon on what the person decides about, the first to end first; not all of very many."""
    found = [
        held
        for model, field, rows in _tables(user)
        for held in read(
            model, field, pk__in=list(rows.order_by("expires_at", "pk").values_list("pk", flat=True)[:MOST])
        )
    ]
    return sorted(found, key=lambda held: (held.expires_at or timezone.now(), held.name))[:MOST]


def _tables(user: User) -> Iterator[tuple[Any, str, QuerySet[Any]]]:
    now = timezone.now()
    for kind, models in GRANTS.items():
        for model, field in zip(models, ("user", "group"), strict=True):
            if model is None:
                continue
            rows = model._default_manager.filter(expires_at__gt=now, expires_at__lte=now + SOON)
            if not policy.sees_all(user):
                on = model._meta.get_field("content_object").related_model
                ruled = policy.permitted(user, DECIDING[kind], on._default_manager.order_by())
                rows = rows.filter(content_object__in=ruled.values("pk"))
            yield model, field, rows
