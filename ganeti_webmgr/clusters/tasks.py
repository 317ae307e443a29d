"""The bells of this app."""

from __future__ import annotations

import threading

from celery.signals import worker_ready
from django.db.models import F, Q
from django.utils import timezone

from ganeti_webmgr.celery import app
from ganeti_webmgr.clusters import cycle, freshness, schedule
from ganeti_webmgr.clusters.models import Cluster

# A cluster that hangs holds a thread until a time-out. Those in trouble share a few, so that the others go
# on; and some of a worker's 32 are always left for sending.
_for_asking = threading.BoundedSemaphore(20)
_for_the_troubled = threading.BoundedSemaphore(4)


@app.task(name="clusters.sync_due")
def sync_due() -> None:
    """Rings for each cluster of which something is to be asked now."""
    now = timezone.now()
    awake = Cluster.objects.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now), paused=False)
    # Whoever waited longest comes first: where many hang, each has its turn.
    in_turn = awake.order_by(F("next_attempt_at").asc(nulls_first=True), "pk")
    for pk in schedule.due(in_turn.values_list("pk", flat=True)):
        sync_cluster.apply_async((pk,), expires=schedule.LEASE_S)


@app.task(name="clusters.sync")
def sync_cluster(pk: int) -> None:
    """Asks one cluster what is due; the ringer took its lease."""
    try:
        cluster = Cluster.objects.get(pk=pk)
        places = _for_the_troubled if cluster.failures else _for_asking
        if places.acquire(blocking=False):
            try:
                cycle.run(cluster)
            finally:
                places.release()
    finally:
        schedule.release(pk)


@app.task(name="clusters.save_freshness")
def save_freshness() -> None:
    freshness.save()


@worker_ready.connect
def begin_anew(**_: object) -> None:
    """Gives back the leases that a killed worker could not. Those of another one too, which does no harm."""
    schedule.release(*Cluster.objects.values_list("pk", flat=True))
