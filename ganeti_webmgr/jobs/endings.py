"""What follows when a job that was asked for here has ended: a line in the record, and what it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.jobs.commands import restore
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.notices import publish_job

if TYPE_CHECKING:
    from ganeti_webmgr.jobs.commands import Command


def ended(job: Job) -> None:
    """Called once, in the transaction that writes the end of the job; nothing for jobs begun elsewhere."""
    if not job.command:
        return
    if job.status == Status.DONE and (following := restore(job.command, job.params).then()):
        _follow_up(job, following)
    after: dict[str, Any] = {"command": job.command, "status": job.status}
    if job.error:
        after["error"] = job.error[:500]
    record("job.ended", job.vm or job.cluster, by=job.origin, job=job, after=after)


def _follow_up(job: Job, command: Command) -> None:
    """Asks for it in the name of whoever asked for the first; the sweep has it sent."""
    following = Job.objects.create(
        cluster=job.cluster,
        vm=job.vm,
        target_name=job.target_name,
        command=command.name,
        params=command.params,
        requested_by=job.requested_by,
        origin=job.origin,
    )
    publish_job(following)
