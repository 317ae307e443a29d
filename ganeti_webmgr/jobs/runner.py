"""Carries intents to the clusters. Runs in workers only."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import health
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.schedule import hurry
from ganeti_webmgr.clusters.secrets import Undecipherable
from ganeti_webmgr.jobs import together
from ganeti_webmgr.jobs.commands import Command, ForMany, Guarded, restore
from ganeti_webmgr.jobs.endings import ended
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.jobs.targets import RESOURCES, word_for

log = logging.getLogger(__name__)


def send(job: Job) -> bool:
    """Sends the job if nobody else has, and whether the cluster takes more now.

    It is never sent twice, whatever breaks in between.
    """
    if not job.claim():
        return True
    takes_more = False
    command = restore(job.command, job.params, sealed=job.sealed)
    parts = together.claimed(job) if isinstance(command, ForMany) else {}
    if isinstance(command, ForMany) and not parts:
        _emptied(job)
        return True
    try:
        with connect(job.cluster) as client:
            ganeti_id = _submit(command, job, client, parts)
    except (rapi.Unreachable, rapi.Busy, Undecipherable) as error:
        _released(job)
        log.info("%s was not sent: %s", job, error)
        if not isinstance(error, rapi.Busy):
            health.failed(job.cluster, error)
    except rapi.Refused as error:
        _refused(job, error)
        takes_more = True
    except rapi.OutcomeUnknown as error:
        log.warning("The answer for %s was lost: %s", job, error)
        if command.is_immediate:
            _released(job)
        # Else the row stays in its pessimistic state; following finds the job by the reason it carried.
    else:
        _accepted(job, ganeti_id)
        takes_more = True
    hurry(job.cluster_id, "jobs")
    publish_job(job)
    return takes_more


def _submit(
    command: Command[Any], job: Job, client: rapi.Client, parts: Mapping[str, Command[Any]]
) -> int | None:
    """Sends the command to the object that was meant, and to no other that has its name by now."""
    if isinstance(command, ForMany):
        return command.send_all(client, parts, reason=job.reason)
    if isinstance(command, Guarded) and job.vm:
        return command.send(client, target=job.target_name, reason=job.reason, uuid=job.vm.uuid)
    if command.looks_first:
        _require_same(job, client)
    return command.send(client, target=job.target_name, reason=job.reason)


def _require_same(job: Job, client: rapi.Client) -> None:
    """Refused where the name has passed to another object, as seen as late as can be."""
    for column, resource in RESOURCES.items():
        if meant := getattr(job, column):
            found = client.query.rows(resource, ["name"], ["==", "uuid", meant.uuid]).parse()
            if not any(row["name"] == meant.name for row in found):
                raise rapi.Refused(
                    f"{meant.name} is not the {word_for(meant)} any more that this was asked for. "
                    "Nothing was sent."
                )


@transaction.atomic
def _accepted(job: Job, ganeti_id: int | None) -> None:
    if ganeti_id is not None:
        job.accepted(ganeti_id)
        together.accepted(job)
    elif job.succeed():
        job.refresh_from_db()
        ended(job)


@transaction.atomic
def _released(job: Job) -> None:
    for part in together.released(job):
        ended(part)
    if job.release():
        job.refresh_from_db()
        ended(job)


@transaction.atomic
def _emptied(job: Job) -> None:
    """Ends what was to be sent for others that were all cancelled before."""
    mine = Job.objects.filter(pk=job.pk, status=Status.UNKNOWN)
    if mine.update(status=Status.CANCELLED, ended_at=timezone.now()):
        job.refresh_from_db()
        ended(job)
        publish_job(job)


@transaction.atomic
def _refused(job: Job, error: rapi.Refused) -> None:
    if job.fail(error=error.message, klass=type(error).__name__, code=error.code or ""):
        job.refresh_from_db()
        ended(job)


def cancel(job: Job) -> bool:
    """Asks Ganeti to cancel the job, and whether it answered; following sees what came of it."""
    if job.status != Status.RUNNING or job.ganeti_id is None:
        return True
    try:
        with connect(job.cluster) as client:
            answer = client.jobs.cancel(job.ganeti_id)
    except (rapi.Unreachable, rapi.Busy, rapi.OutcomeUnknown, Undecipherable) as error:
        log.info("Cancelling %s will be tried again: %s", job, error)
        return False
    except rapi.Refused as error:
        note = error.message
    else:
        note = "" if answer.ok else answer.text
    Job.objects.filter(pk=job.pk).update(cancel_requested_at=None, cancel_answer=note)
    hurry(job.cluster_id, "jobs")
    publish_job(job)
    return True
