"""The clusters that somebody runs, with how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster, Loop
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.reconcile.kinds import administered

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
    """Clusters by their keys, and the moment for which what is shown of each is true.

    `administered` are those of which the person settles what differs between Ganeti and us.
    """

    clusters: Mapping[int, Cluster]
    moments: Mapping[int, datetime | None]
    administered: Set[int]


def run_by(user: User) -> Estate | None:
    """What the person runs; None for those who run nothing, whose page is that of their machines."""
    broken = Loop.objects.filter(cluster=OuterRef("pk")).exclude(last_error="")
    own = ExpressionWrapper(Q(pk__in=administered(user).values("pk")), output_field=BooleanField())
    rows = Cluster.objects.select_related("default_quota").only(*SHOWN)
    rows = rows.annotate(part_fails=Exists(broken), is_administered=own)
    found = {row.pk: row for row in policy.permitted(user, "operate", rows).order_by("name", "pk")}
    if not found and not policy.sees_all(user):
        return None
    settled = {pk for pk, row in found.items() if row.is_administered}
    return Estate(found, as_of(found.values()), settled)
