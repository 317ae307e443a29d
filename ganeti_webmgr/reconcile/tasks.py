"""The bells of this app. One that is not heard is rung again by the sweep."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from ganeti_webmgr.celery import app
from ganeti_webmgr.reconcile.doing import carry_out
from ganeti_webmgr.reconcile.models import Entry, Settlement

log = logging.getLogger(__name__)


@app.task(name="reconcile.do")
def do_one(settlement_id: int) -> None:
    """Does what was confirmed."""
    if settlement := Settlement.objects.select_related("requested_by").filter(pk=settlement_id).first():
        carry_out(settlement)


@app.task(name="reconcile.sweep")
def do_all() -> None:
    """As above, for everything that has rows waiting."""
    waiting = Entry.objects.filter(status=Entry.Status.WAITING)
    for settlement in Settlement.objects.select_related("requested_by").filter(
        pk__in=waiting.values("settlement")
    ):
        carry_out(settlement)


def ring(settlement_id: int) -> None:
    """Tells a worker that something was confirmed."""
    try:
        do_one.delay(settlement_id)
    except (OperationalError, RedisError) as error:
        log.warning("The broker does not answer, settlement %s waits for the sweep: %s", settlement_id, error)
