"""The bells of this app. A bell that is not heard is rung again by the sweep."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from celery import Task
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from ganeti_webmgr.celery import app
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.models import Job, JobQuerySet, Status

log = logging.getLogger(__name__)

UNHEARD = timedelta(seconds=5)


@app.task(name="jobs.send")
def send_waiting(cluster_id: int) -> None:
    """Sends what waits for the cluster, in the order in which it was asked for."""
    _one_by_one(f"send:{cluster_id}", _to_send().filter(cluster=cluster_id), runner.send)


@app.task(name="jobs.cancel")
def cancel_waiting(cluster_id: int) -> None:
    """Cancels what is to be cancelled on the cluster."""
    _one_by_one(f"cancel:{cluster_id}", _to_cancel().filter(cluster=cluster_id), runner.cancel)


@app.task(name="jobs.ring_again")
def ring_again() -> None:
    """Rings for what was asked for and is still to be done."""
    long_ago = timezone.now() - UNHEARD
    for cluster_id in set(_to_send().filter(created_at__lt=long_ago).values_list("cluster_id", flat=True)):
        _ring(send_waiting, cluster_id)
    cancels = _to_cancel().filter(cancel_requested_at__lt=long_ago)
    for cluster_id in set(cancels.values_list("cluster_id", flat=True)):
        _ring(cancel_waiting, cluster_id)


def ring(job: Job) -> None:
    """Tells a worker that the job is to be sent."""
    _ring(send_waiting, job.cluster_id)


def ring_cancel(job: Job) -> None:
    """Tells a worker that the job is to be cancelled."""
    _ring(cancel_waiting, job.cluster_id)


def _ring(bell: Task[[int], None], cluster_id: int) -> None:
    try:
        bell.delay(cluster_id)
    except (OperationalError, RedisError) as error:
        log.warning("The broker does not answer, %s waits for the sweep: %s", bell.name, error)


def _to_send() -> JobQuerySet:
    return _answering(Job.objects.filter(status=Status.REQUESTED, parent=None))


def _to_cancel() -> JobQuerySet:
    return _answering(Job.objects.in_flight().filter(cancel_requested_at__isnull=False))


def _answering(jobs: JobQuerySet) -> JobQuerySet:
    """Those whose cluster is not known to be in trouble: sync finds out first when it is well again."""
    return jobs.filter(cluster__failures=0, cluster__paused=False)


_lanes: dict[str, threading.Lock] = {}


def _one_by_one(lane_name: str, jobs: JobQuerySet, do: Callable[[Job], bool]) -> None:
    """Does it to the oldest of the jobs while there are any and it works.

    Only one thread of a process does: a cluster that hangs would have all of them, one after another. Who
    finds the lane taken may leave, as its holder looks again after each job.
    """
    lane = _lanes.setdefault(lane_name, threading.Lock())
    oldest_first = jobs.select_related("cluster").order_by("created_at", "pk")
    while (job := oldest_first.first()) and lane.acquire(blocking=False):
        try:
            if not do(job):
                return
        finally:
            lane.release()
