"""The clusters that somebody runs, with how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster, Loop
from ganeti_webmgr.permissions import policy

SHOWN = (
    "slug",
    "name",
    "uuid",
    "version",
    "paused",
    "read_only",
    "trouble",
    "trouble_since",
    "last_error",
    "next_attempt_at",
    "synced_at",
    "default_quota",
)


@dataclass(frozen=True)
class Estate:
    """Clusters by their keys, and the moment for which what is shown of each is true."""

    clusters: Mapping[int, Cluster]
    moments: Mapping[int, datetime | None]


def run_by(user: User) -> Estate | None:
    """What the person runs; None for those who run nothing, whose page is that of their machines."""
    broken = Loop.objects.filter(cluster=OuterRef("pk")).exclude(last_error="")
    rows = Cluster.objects.select_related("default_quota").only(*SHOWN).annotate(part_fails=Exists(broken))
    found = {row.pk: row for row in policy.permitted(user, "operate", rows).order_by("name", "pk")}
    if not found and not policy.sees_all(user):
        return None
    return Estate(found, as_of(found.values()))
