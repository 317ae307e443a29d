"""The operating systems that a cluster can install."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem, natural
from ganeti_webmgr.live import publish

# Each answer costs the cluster a job, which waits behind all others, and shows in everybody's list of jobs.
EVERY_S = 6 * 3600
LONGEST_ANSWER_S = 240


def sync_systems(cluster: Cluster, client: rapi.Client) -> None:
    """Brings the cluster's operating systems up to date; what people were told about each stays."""
    # While the queue of a cluster is full its lease may end: a second question would be a second job.
    if not cache.add(f"asked:systems:{cluster.pk}", 1, LONGEST_ANSWER_S):
        return
    try:
        names = set(client.cluster.operating_systems())
    except rapi.Unreachable as error:
        # Its job waited for too long behind others. That says nothing of the cluster, which answered before.
        raise rapi.Busy(f"The list of operating systems did not come in time: {error.message}") from error
    finally:
        cache.delete(f"asked:systems:{cluster.pk}")
    with transaction.atomic():
        if _write(cluster, names):
            publish(f"cluster:{cluster.pk}")


def _write(cluster: Cluster, names: set[str]) -> bool:
    rows = OperatingSystem.objects.filter(cluster=cluster)
    known = dict(rows.values_list("name", "missing_since"))
    back = {name for name in names if known.get(name)}
    gone = {name for name, since in known.items() if since is None and name not in names}
    new = sorted(names - known.keys())
    OperatingSystem.objects.bulk_create(
        OperatingSystem(cluster=cluster, name=name, sort_name=natural(name)) for name in new
    )
    if back:
        rows.filter(name__in=back).update(missing_since=None)
    if gone:
        rows.filter(name__in=gone).update(missing_since=timezone.now())
    return bool(back or gone or new)
