"""Follows jobs: one question a cluster for all in flight and all new ones, whoever began them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import together
from ganeti_webmgr.jobs.commands import REGISTRY, Command
from ganeti_webmgr.jobs.endings import all_ended, ended
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.jobs.reading import Targets, read
from ganeti_webmgr.jobs.waiting import Wait, waits

# The longest that a request can be under way: 30 s until a connection is free, 10 s to connect, up to 210 s
# inside Ganeti (reference 1.4); and some.
ARRIVES_WITHIN = timedelta(seconds=270)
# Ganeti gives out numbers before it lists the jobs, so a lower one may show after a higher one.
OUT_OF_TURN = 50
NOT_ARRIVED = "The cluster has no trace of it: it did not arrive. Nothing was done."
UNTRACEABLE = (
    "The cluster's answer was lost, and this leaves no trace by which it could be found there: it may have "
    "been done. Look at the jobs of the cluster before you try again."
)
CHUNK = 500
BEGUN_BY = re.compile(r"job=([0-9]{1,18});")  # in a reason that Ganeti added itself
NEEDED = ("status", "command", "ganeti_id", "ganeti_status", "sent_at", "vm", "node", "parent")

# Run before ended jobs are saved, so that an object's page never shows its old state without the job.
before_the_end: list[Callable[[Cluster, rapi.Client], None]] = []

# Told of the jobs that have ended since the last look, with Ganeti's own rows, once they are saved.
at_the_end: list[Callable[[list[tuple[Job, rapi.JobRow]]], None]] = []


def follow(cluster: Cluster, client: rapi.Client) -> None:
    """Brings the jobs of the cluster up to date."""
    asked_at = timezone.now()
    jobs = Job.objects.filter(cluster=cluster)
    still_open = list(jobs.open().only(*NEEDED))
    in_flight = {job.ganeti_id: job for job in still_open if job.status == Status.RUNNING and job.ganeti_id}
    # What goes with another has no fate of its own while its number is not known.
    lost = [job for job in still_open if job.status == Status.UNKNOWN and job.parent_id is None]
    seen = max((cluster.last_job_id or 0) - (OUT_OF_TURN if lost else 0), 0)
    rows = sorted(client.query.jobs(after_id=seen, ids=in_flight).parse(), key=lambda row: row.id)
    if any(row.is_final for row in rows):
        for refresh in before_the_end:
            refresh(cluster, client)
    waiting = waits(cluster, client, rows, {number: job.ganeti_status for number, job in in_flight.items()})
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            _save(cluster, rows[start : start + CHUNK], waiting)
    for ganeti_id in in_flight.keys() - {row.id for row in rows}:
        _look_again(in_flight[ganeti_id], client)
    _give_up(lost, asked_at)
    schedule.busy(cluster.pk, open_jobs=bool(still_open or rows))


def _save(cluster: Cluster, rows: list[rapi.JobRow], waiting: Mapping[int, list[Wait]]) -> None:
    tokens = {row.id: token_of(row) for row in rows}
    begun_by = {row.id: parent_of(row) for row in rows}
    # By number, and by reason where the answer with the number was lost.
    ours = Q(ganeti_id__in={*tokens, *filter(None, begun_by.values())}) | Q(
        token__in=set(filter(None, tokens.values()))
    )
    known = list(Job.objects.filter(ours, cluster=cluster).select_related("parent"))
    by_id = {job.ganeti_id: job for job in known}
    by_token = {job.token: job for job in known}
    lost = {token: job for token, job in by_token.items() if job.ganeti_id is None}
    targets = Targets(cluster)
    new: list[Job] = []
    changed: list[Job] = []
    over: list[tuple[Job, rapi.JobRow]] = []
    for row in rows:
        job = by_id.get(row.id)
        if job is None and begun_by[row.id] is None:
            # Taken once: the jobs that a job begins carry its reason too.
            job = lost.pop(tokens[row.id], None)
        if job is None:
            parent = by_token.get(tokens[row.id]) or by_id.get(begun_by[row.id])
            if parent and parent.pk is None:
                parent.save()
            job = by_id[row.id] = together.part_of(parent, row) or Job(cluster=cluster, parent=parent)
        fresh = {**read(row, targets, job), "waits_for": waiting.get(row.id, [])}
        different = [name for name, value in fresh.items() if getattr(job, name) != value]
        for name in different:
            setattr(job, name, fresh[name])
        if row.is_final and (job.pk is None or "status" in different):
            over.append((job, row))
        if job.pk is None:
            new.append(job)
        elif different:
            job.save(update_fields=different)
            changed.append(job)
            if "ganeti_id" in different:
                together.accepted(job)
            if "status" in different and not job.is_open:
                ended(job)
    Job.objects.bulk_create(job for job in new if job.pk is None)
    all_ended({pk for job, _ in over for pk in (job.pk, job.parent_id)})
    publish_job(*changed, *new)
    for tell in at_the_end:
        tell(over)
    _remember_last(cluster, rows[-1].id)


def token_of(row: rapi.JobRow) -> str:
    """The token of ours that the job's reason carries; empty where it carries none.

    Where Ganeti takes no reason, the comment carries it.
    """
    reasons = [reason.text for reason in row.reason_trail if reason.source == "gnt:user"]
    for text in [*reasons, *(op.get("comment") or "" for op in row.ops)]:
        prefix, _, rest = text.partition(":")
        if prefix == "gwm":
            return rest.rpartition(":")[2]
    return ""


def parent_of(row: rapi.JobRow) -> int | None:
    """The number of the job that Ganeti began this one for; None where somebody asked for it."""
    for reason in row.reason_trail:
        if reason.source.startswith("gnt:opcode:") and (begun := BEGUN_BY.match(reason.text)):
            number = int(begun[1])
            return number if number != row.id else None
    return None


def _remember_last(cluster: Cluster, last: int) -> None:
    if last > (cluster.last_job_id or 0):
        cluster.last_job_id = last
        cluster.save(update_fields=["last_job_id"])


def _look_again(job: Job, client: rapi.Client) -> None:
    """Ends a job that Ganeti has forgotten, and only if it says so itself: an empty list may be a lie."""
    try:
        client.jobs.get(job.ganeti_id or 0)
    except rapi.NotFound:
        _end(job, f"The cluster has forgotten its job {job.ganeti_id}. How it ended cannot be found out.")


def _give_up(lost: list[Job], asked_at: datetime) -> None:
    """Ends what was sent so long ago that it would be in the list if it had arrived, and could be known."""
    for job in lost:
        if not job.sent_at or job.sent_at > asked_at - ARRIVES_WITHIN:
            continue
        command = REGISTRY.get(job.command, Command)
        if command.is_immediate:
            job.release()  # its worker was lost; it may be sent twice
        else:
            _end(job, UNTRACEABLE if command.leaves_no_trace else NOT_ARRIVED)


@transaction.atomic
def _end(job: Job, why: str) -> None:
    if job.fail(error=why):
        job.refresh_from_db()
        ended(job)
        all_ended([job.parent_id])
        publish_job(job)
