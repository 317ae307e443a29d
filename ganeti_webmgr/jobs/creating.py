"""The door to making what is not there yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import tasks
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.endings import named, subject_of
from ganeti_webmgr.jobs.models import CREATE, Job
from ganeti_webmgr.jobs.notices import publish_job
from ganeti_webmgr.jobs.services import Conflict, cluster_obstacle
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.standing import standing


def request_creation(
    *,
    by: User,
    command: MachineCommand,
    cluster: Cluster,
    name: str,
    owner: Project,
    over_quota: bool = False,
    batch: str = "",
    parent: Job | None = None,
) -> Job:
    """The intent to make a machine for the project, as a row, with a worker told of it.

    Else Denied, Conflict or OverQuota, and no row. `over_quota` is a superuser's explicit wish; `parent` the
    job with which it is sent.
    """
    policy.require_deploying(by, owner, cluster)
    obstacle = cluster_obstacle(cluster) or taken(cluster, [name]).get(name, "")
    if obstacle:
        raise Conflict(obstacle)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                cluster=cluster,
                owner=owner,
                target_name=name,
                command=command.name,
                params=command.params,
                sealed=command.sealed,
                batch=batch,
                parent=parent,
                requested_by=by,
                origin=by.get_username(),
            )
            may_go_over = over_quota and policy.sees_all(by)
            quota.reserve(job, owner, command.takes, may_go_over=may_go_over)
            publish_job(job)
            after = {**named(command.name), **command.params}
            if over_quota:
                after["over_quota"] = True
            acted_as = standing(by, job)
            record("job.requested", subject_of(job), by=by, acted_as=acted_as, job=job, after=after)
            transaction.on_commit(lambda: tasks.ring(job))
    except IntegrityError:  # the database holds one open creation of a name; another was faster
        raise Conflict(f"A machine named {name} was asked for at the same moment.") from None
    return job


def taken(cluster: Cluster, names: Iterable[str]) -> dict[str, str]:
    """By name, why no machine of it can be made on the cluster; those that are free are left out."""
    wanted = set(names)
    being_made = Job.objects.open().filter(cluster=cluster, command=CREATE, target_name__in=wanted)
    found = {
        name: f"A machine named {name} is being made on {cluster} already."
        for name in being_made.values_list("target_name", flat=True)
    }
    there = cluster.vms.filter(missing_since=None, name__in=wanted)
    return found | {
        name: f"{cluster} has a machine named {name} already."
        for name in there.values_list("name", flat=True)
    }
