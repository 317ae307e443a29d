"""The Celery application and its whole schedule.

The database holds what is to be done; a task is only a bell. So each entry expires before its next one, and
a broker that forgets everything loses nothing.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ganeti_webmgr.settings")

app = Celery("ganeti_webmgr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: float, task: str) -> dict[str, object]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


def nightly(task: str) -> dict[str, object]:
    """At half past three, UTC: the clock keeps nothing, so a day's wait would begin anew with each start."""
    return {"task": task, "schedule": crontab(hour="3", minute="30"), "options": {"expires": 3600}}


app.conf.beat_schedule = {
    "ask clusters that are due": every(1, "clusters.sync_due"),
    "ask for machines whose turn has come": every(5, "bulk.sweep"),
    "settle what was confirmed": every(5, "reconcile.sweep"),
    "ring for jobs that were not sent": every(5, "jobs.ring_again"),
    "ring for connections to be tried, and forget them": every(10, "clusters.sweep_checkups"),
    "save when clusters last answered": every(300, "clusters.save_freshness"),
    "clear ended grants": every(5, "permissions.sweep"),
    "forget old notices": every(60, "live.prune"),
    "forget attempts that do not count any more": every(600, "accounts.forget_attempts"),
    "forget sessions that have ended": nightly("accounts.forget_sessions"),
}
