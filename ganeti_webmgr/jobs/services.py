"""The one door to every change of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import tasks
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.endings import ended, named, subject_of
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine


class Conflict(Refusal):
    """The object is not in a state in which this can be asked for."""

    status = 409
    title = "Not now"


def request_job(*, by: User, command: Command, vm: VirtualMachine, over_quota: bool = False) -> Job:
    """The intent as a row, with a worker told of it; else Denied, Conflict or OverQuota, and no row.

    The door checks whoever knocks: a page, the API, a shell. `over_quota` is a superuser's explicit wish.
    """
    policy.require(by, command.permission, vm)
    for permission, target in command.also_needs(vm):
        policy.require(by, permission, target)
    if obstacle := hindrance(type(command), vm) or command.against(vm):
        raise Conflict(obstacle)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                cluster=vm.cluster,
                vm=vm,
                target_name=vm.name,
                command=command.name,
                params=command.params,
                requested_by=by,
                origin=by.get_username(),
            )
            if vm.owner:
                may_go_over = over_quota and policy.sees_all(by)
                quota.reserve(job, vm.owner, command.demand(vm), may_go_over=may_go_over)
            publish_job(job)
            after = {**named(command.name), **command.params}
            if over_quota:
                after["over_quota"] = True
            record("job.requested", vm, by=by, acted_as=standing(by, vm), job=job, after=after)
            transaction.on_commit(lambda: tasks.ring(job))
    except IntegrityError:  # the database holds one open intent for a machine; another was faster
        raise Conflict(obstacle_to(vm) or f"Something else was asked of {vm} at the same moment.") from None
    return job


def hindrance(command: type[Command], vm: VirtualMachine, obstacle: str | None = None) -> str:
    """Why this cannot be asked of the machine now, in words to show; empty when it can.

    `obstacle` spares a query where the caller knows what is in the way of everything.
    """
    if obstacle := obstacle_to(vm) if obstacle is None else obstacle:
        return obstacle
    if command.respects_lock and vm.lock_reason:
        return f"Locked: {vm.lock_reason}"
    return command.unfit(vm)


def obstacle_to(vm: VirtualMachine, job: Job | None = None) -> str:
    """Why nothing can be asked of the machine now, in words to show; empty when it can.

    `job` spares a query where the caller knows the open job of the machine.
    """
    if obstacle := cluster_obstacle(vm.cluster):
        return obstacle
    if vm.missing_since:
        return f"{vm} is not on {vm.cluster} any more."
    job = job or vm.jobs.open().order_by("created_at", "pk").first()
    return f"Waits: {job} is {busy_word(job).lower()} this machine." if job else ""


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
    acted_as = standing(by, job.vm or job.cluster)
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
