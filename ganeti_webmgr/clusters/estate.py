"""The estate as a whole: how many of a person's clusters answer. Shown above every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy


@dataclass(frozen=True)
class Estate:
    """How many clusters a person sees, how many of them do not answer, and how many he administers."""

    total: int
    silent: int
    administered: int


def estate_of(request: HttpRequest) -> Estate:
    """The estate of whoever asks: looked for once for each page."""
    if not hasattr(request, "estate"):
        request.estate = _look(request.user)  # type: ignore[attr-defined]
    estate: Estate = request.estate  # type: ignore[attr-defined]
    return estate


def staleness(request: HttpRequest) -> dict[str, Any]:
    """The context of the notice in the top bar, worked out only where it is shown."""
    return {"staleness": SimpleLazyObject(lambda: estate_of(request))}


def administers_some(request: HttpRequest) -> bool:
    return estate_of(request).administered > 0


def _look(user: User | AnonymousUser) -> Estate:
    his = policy.permitted(user, "admin", Cluster.objects.all())
    read = Q(paused=False)
    counts = policy.permitted(user, "view", Cluster.objects.all()).aggregate(
        total=Count("pk", filter=read),
        silent=Count("pk", filter=read & ~Q(trouble="")),
        administered=Count("pk", filter=Q(pk__in=his.values("pk"))),
    )
    return Estate(**counts)
