"""The bells of this app. One that is not heard is rung again by the sweep."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from ganeti_webmgr.bulk.feeding import feed
from ganeti_webmgr.bulk.models import Bulk, Part
from ganeti_webmgr.celery import app
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.live import publish

log = logging.getLogger(__name__)


@app.task(name="bulk.feed")
def feed_one(bulk_id: int) -> None:
    """Asks for what there is room for."""
    if bulk := Bulk.objects.filter(pk=bulk_id).first():
        feed(bulk)


@app.task(name="bulk.sweep")
def feed_all() -> None:
    """As above, for everything that has machines waiting."""
    waiting = Part.objects.filter(status=Part.Status.WAITING)
    for bulk in Bulk.objects.filter(pk__in=waiting.values("bulk")):
        feed(bulk)


def ring(bulk_id: int) -> None:
    """Tells a worker that there may be room."""
    try:
        feed_one.delay(bulk_id)
    except (OperationalError, RedisError) as error:
        log.warning("The broker does not answer, bulk %s waits for the sweep: %s", bulk_id, error)


def go_on(job: Job) -> None:
    """Where the job that has ended was a part of something, the next has its turn."""
    for bulk_id in Part.objects.filter(job=job).values_list("bulk_id", flat=True):
        publish(f"bulk:{bulk_id}")
        transaction.on_commit(partial(ring, bulk_id))
