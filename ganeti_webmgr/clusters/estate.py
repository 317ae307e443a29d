"""The estate as a whole: how many of a person's clusters answer. Shown above every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy


@dataclass(frozen=True)
class Staleness:
    """How many clusters there are to be seen, and how many of them do not answer."""

    silent: int
    total: int


def staleness(request: HttpRequest) -> dict[str, Any]:
    """The context of the notice in the top bar, worked out only where it is shown."""

    def look() -> Staleness:
        rows = policy.permitted(request.user, "view", Cluster.objects.filter(paused=False))
        return Staleness(**rows.aggregate(total=Count("pk"), silent=Count("pk", filter=~Q(trouble=""))))

    return {"staleness": SimpleLazyObject(look)}
