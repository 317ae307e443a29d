"""The bells of this app."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from celery.signals import worker_ready
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from ganeti_webmgr.celery import app
from ganeti_webmgr.clusters import cycle, freshness, schedule
from ganeti_webmgr.clusters.doctor import examine
from ganeti_webmgr.clusters.models import Checkup, Cluster

log = logging.getLogger(__name__)

UNHEARD = timedelta(seconds=5)
KEPT = timedelta(hours=1)  # what was typed, with its password

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


@app.task(name="clusters.examine")
def examine_one(pk: int) -> None:
    """Tries what somebody typed."""
    if checkup := Checkup.objects.select_related("cluster").filter(pk=pk, ended_at=None).first():
        examine(checkup)


@app.task(name="clusters.sweep_checkups")
def sweep_checkups() -> None:
    """Rings for those that nobody heard of, and forgets the old ones with what was typed."""
    now = timezone.now()
    Checkup.objects.filter(created_at__lt=now - KEPT).delete()
    waiting = Checkup.objects.filter(ended_at=None, created_at__lt=now - UNHEARD)
    for pk in waiting.values_list("pk", flat=True):
        ring_doctor(pk)


def ring_doctor(pk: int) -> None:
    """Tells a worker that there is something to try."""
    try:
        examine_one.delay(pk)
    except (OperationalError, RedisError) as error:
        log.warning("The broker does not answer, checkup %s waits for the sweep: %s", pk, error)


@worker_ready.connect
def begin_anew(**_: object) -> None:
    """Gives back the leases that a killed worker could not. Those of another one too, which does no harm."""
    schedule.release(*Cluster.objects.values_list("pk", flat=True))
