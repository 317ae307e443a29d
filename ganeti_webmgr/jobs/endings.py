"""What follows when a job that was asked for here has ended: a line in the record, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.jobs import together
from ganeti_webmgr.jobs.commands import REGISTRY, ForMany, restore
from ganeti_webmgr.jobs.family import begun_by, tallies
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.jobs.targets import columns_of, target_of

if TYPE_CHECKING:
    from django.db.models import Model

    from ganeti_webmgr.jobs.commands import Command


# What else follows in other apps, in the same transaction, once the end is in the record.
afterwards: list[Callable[[Job], None]] = []


def ended(job: Job) -> None:
    """Called once, in the transaction that writes the end of the job; nothing for jobs begun elsewhere."""
    if not job.command:
        return
    command = restore(job.command, job.params)
    command.ended(job)
    if isinstance(command, ForMany):
        for part in together.settled(job):
            ended(part)
    if job.sealed and (job.status == Status.DONE or not command.again):
        Job.objects.filter(pk=job.pk).update(sealed="")
    if job.status == Status.DONE and (following := command.then()):
        _follow_up(job, following)
    after: dict[str, Any] = {**named(job.command), "status": job.status}
    if job.status == Status.DONE and not together.is_for_many(job) and (begun := begun_by(job)):
        after["began"] = begun
    if job.error:
        after["error"] = job.error[:500]
    # In the name of who asked for it, who may then see how it ended; by name alone once the account is gone.
    record("job.ended", subject_of(job), by=job.requested_by or job.origin, job=job, after=after)
    for follows in afterwards:
        follows(job)


def all_ended(jobs: Iterable[int | None]) -> None:
    """Called in the transaction that writes ends: tells of each job once all that it began has ended.

    What is asked for in one request is told part by part instead.
    """
    rows = Job.objects.filter(pk__in=[pk for pk in jobs if pk], status=Status.DONE).exclude(command="")
    over = [job for job in rows.select_related("cluster", "requested_by") if not together.is_for_many(job)]
    found = tallies(over)
    for job in over:
        tally = found.get(job.pk)
        if tally is None or tally.open:
            continue
        outcome = {"total": tally.total, "done": tally.done, "failed": tally.failed}
        after = {**named(job.command), "outcome": outcome}
        record("job.all-ended", subject_of(job), by=job.requested_by or job.origin, job=job, after=after)


def subject_of(job: Job) -> Model | Subject:
    """What the record says the job is about; also a machine that is not there yet."""
    if job.vm or not job.owner:
        return target_of(job)
    cluster, owner = (job.cluster_id, str(job.cluster)), (job.owner_id, str(job.owner))
    return Subject("virtualmachine", None, job.target_name, cluster, owner)


def named(command: str) -> dict[str, Any]:
    """What the record calls a command: also in the words of its button, which the command may not outlive."""
    return {"command": command, "verb": REGISTRY[command].label} if command else {}


def _follow_up(job: Job, command: Command[Any]) -> None:
    """Asks for it in the name of whoever asked for the first; the sweep has it sent."""
    following = Job.objects.create(
        cluster=job.cluster,
        **columns_of(job),
        target_name=job.target_name,
        command=command.name,
        params=command.params,
        requested_by=job.requested_by,
        origin=job.origin,
    )
    publish_job(following)
    record(
        "job.requested",
        subject_of(job),
        by=job.requested_by or job.origin,
        job=following,
        after={**named(command.name), **command.params, "follows": str(job)},
    )
