"""When each cluster was last known whole.

The moments live in the cache, so that a cycle that finds nothing new writes nothing to the database; there
they are saved now and then. A cache that forgets makes a page say an older time, never a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.core.cache import cache
from django.utils import timezone

from ganeti_webmgr.clusters.models import Cluster

KEPT_S = 7 * 24 * 3600
TELLING = "machines"  # the loop whose age pages show; others may work while this one fails


def _key(pk: int) -> str:
    return f"answered:{pk}"


def answered(cluster: Cluster, loop: str) -> None:
    """Notes that the cluster has just given a whole answer to that loop."""
    if loop == TELLING:
        cache.set(_key(cluster.pk), timezone.now().timestamp(), KEPT_S)


def as_of(clusters: Iterable[Cluster]) -> dict[int, datetime | None]:
    """By primary key, the moment for which what we show of a cluster is true; None: it never answered."""
    rows = {cluster.pk: cluster.synced_at for cluster in clusters}
    known = cache.get_many([_key(pk) for pk in rows])
    for pk, saved in rows.items():
        stamp = known.get(_key(pk))
        moment = datetime.fromtimestamp(stamp, UTC) if stamp else None
        rows[pk] = max(filter(None, (saved, moment)), default=None)
    return rows


def save() -> None:
    """Writes the moments to the database, so that a flushed cache forgets minutes at most."""
    clusters = list(Cluster.objects.only("pk", "synced_at"))
    moments = as_of(clusters)
    for cluster in clusters:
        cluster.synced_at = moments[cluster.pk]
    Cluster.objects.bulk_update(clusters, ["synced_at"], batch_size=500)
