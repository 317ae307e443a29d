"""The one door to every change of a cluster."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import tasks
from ganeti_webmgr.jobs.commands import Command, MachineCommand
from ganeti_webmgr.jobs.endings import ended, named, subject_of
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.jobs.targets import cluster_of, columns, target_of, word_for
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal

On = TypeVar("On", bound=Model)


class Conflict(Refusal):
    """The object is not in a state in which this can be asked for."""

    status = 409
    title = "Not now"


def request_job(*, by: User, command: Command[On], on: On, over_quota: bool = False) -> Job:
    """The intent as a row, with a worker told of it; else Denied, Conflict or OverQuota, and no row.

    The door checks whoever knocks: a page, the API, a shell. `over_quota` is a superuser's explicit wish.
    """
    policy.require(by, command.permission, on)
    for permission, target in command.also_needs(on):
        policy.require(by, permission, target)
    if obstacle := hindrance(type(command), on) or command.against(on):
        raise Conflict(obstacle)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                cluster=cluster_of(on),
                **columns(on),
                target_name=command.names(on),
                command=command.name,
                params=command.params,
                sealed=command.sealed,
                requested_by=by,
                origin=by.get_username(),
            )
            if isinstance(command, MachineCommand) and job.vm and job.vm.owner:
                may_go_over = over_quota and policy.sees_all(by)
                quota.reserve(job, job.vm.owner, command.demand(job.vm), may_go_over=may_go_over)
            publish_job(job)
            after = {**named(command.name), **command.params}
            if over_quota:
                after["over_quota"] = True
            record("job.requested", on, by=by, acted_as=standing(by, on), job=job, after=after)
            transaction.on_commit(lambda: tasks.ring(job))
    except IntegrityError:  # the database holds one open intent for an object; another was faster
        raise Conflict(obstacle_to(on) or f"Something else was asked of {on} at the same moment.") from None
    return job


def hindrance(command: type[Command[On]], on: On, obstacle: str | None = None) -> str:
    """Why this cannot be asked of the object now, in words to show; empty when it can.

    `obstacle` spares a query where the caller knows what is in the way of everything.
    """
    if obstacle := obstacle_to(on) if obstacle is None else obstacle:
        return obstacle
    if getattr(command, "respects_lock", False) and (reason := getattr(on, "lock_reason", "")):
        return f"Locked: {reason}"
    return command.unfit(on)


def obstacle_to(on: Any) -> str:
    """Why nothing can be asked of the object now, in words to show; empty when it can.

    A cluster as a whole is never kept busy by a job: those that cannot run at once wait in its queue.
    """
    is_cluster = on == cluster_of(on)
    return obstacle_beside(None if is_cluster else on.jobs.open().order_by("created_at", "pk").first(), on)


def obstacle_beside(job: Job | None, on: Any) -> str:
    """The same where the caller knows the open job of the object; None where it has none."""
    cluster = cluster_of(on)
    if obstacle := cluster_obstacle(cluster):
        return obstacle
    if on == cluster:
        return ""
    if on.missing_since:
        return f"{on} is not on {cluster} any more."
    return f"Waits: {job} is {busy_word(job).lower()} this {word_for(on)}." if job else ""


def cluster_obstacle(cluster: Cluster) -> str:
    """Why nothing can be changed on the cluster, in words to show; empty when it can."""
    if cluster.read_only:
        return f"{cluster} is read-only here."
    if cluster.paused:
        return f"{cluster} is paused: nothing is sent to it until an administrator resumes it."
    return ""


def cancel_obstacle(job: Job, *, by: User) -> str:
    """Why the job cannot be cancelled by the person now, in words to show; empty when it can."""
    if not job.is_open:
        return f"Has ended: {Status(job.status).label.lower()}."
    if job.ganeti_status == "running":
        return "Already running, so it can no longer be cancelled."
    if job.cancel_requested_at:
        return "Being cancelled."
    return cluster_obstacle(job.cluster) or policy.why_not(by, "cancel", job)


def cancel(job: Job, *, by: User) -> None:
    """Asks that the job be cancelled: at once where it was not sent, else by a worker."""
    policy.require(by, "cancel", job)
    if obstacle := cancel_obstacle(job, by=by):
        raise Conflict(obstacle)
    acted_as = standing(by, target_of(job))
    with transaction.atomic():
        not_sent = Job.objects.filter(pk=job.pk, status=Status.REQUESTED)
        at_once = not_sent.update(status=Status.CANCELLED, ended_at=timezone.now())
        if not at_once:
            Job.objects.filter(pk=job.pk).open().update(cancel_requested_at=timezone.now())
            transaction.on_commit(lambda: tasks.ring_cancel(job))
        publish_job(job)
        record(
            "job.cancelled",
            subject_of(job),
            by=by,
            acted_as=acted_as,
            job=job,
            after=named(job.command) or None,
        )
        if at_once:
            job.refresh_from_db(fields=["status", "ended_at"])
            ended(job)
