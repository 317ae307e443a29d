"""The bells of this app."""

from __future__ import annotations

from ganeti_webmgr.celery import app
from ganeti_webmgr.live.outbox import prune


@app.task(name="live.prune")
def prune_notices() -> None:
    prune()
