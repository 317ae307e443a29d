"""Where the form begins: anew, or with what was asked for before."""

from __future__ import annotations

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.secrets import Undecipherable
from ganeti_webmgr.jobs.models import CREATE, Job, Status
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.commands import CheckMachine
from ganeti_webmgr.vms.creation.filled import Start
from ganeti_webmgr.vms.hidden import unsealed
from ganeti_webmgr.vms.models import MachineTemplate

JOBS = Job.objects.filter(command__in=[CREATE, CheckMachine.name]).select_related("cluster", "owner")


def beginning(user: User, asked: QueryDict) -> Start:
    """What the address or the form names: a job that failed, the failed ones of a batch; else nothing.

    Http404 where the person may not see it.
    """
    if pk := asked.get("job"):
        found = get_object_or_404(policy.permitted(user, "view", JOBS), pk=_number(pk))
        return _again([found], user, job=found.pk)
    if batch := asked.get("batch"):
        rows = JOBS.filter(command=CREATE, batch=batch[:32], status__in=[Status.FAILED, Status.CANCELLED])
        jobs = list(policy.permitted(user, "view", rows).order_by("pk"))
        if not jobs:
            raise Http404
        return _again(jobs, user, batch=batch)
    if pk := asked.get("template"):
        templates = MachineTemplate.objects.select_related("cluster", "owner")
        template = get_object_or_404(policy.permitted(user, "view", templates), pk=_number(pk))
        return _from(template, may_change=policy.may(user, "edit", template))
    return Start(project=asked.get("project", ""), cluster=asked.get("cluster", ""))


def _from(template: MachineTemplate, *, may_change: bool) -> Start:
    plan = Blueprint.of(template.blueprint)
    return Start(
        plan=plan,
        project=template.owner.slug if template.owner else "",
        cluster=template.cluster.slug if template.cluster else "",
        # Who published it decides about the cluster, and so about what reaches into its nodes.
        granted=plan.hvparams if template.is_published else {},
        is_new=False,
        template=template.pk,
        may_change=may_change,
        title=f"From the template {template}",
    )


def _again(jobs: list[Job], user: User, *, job: int | None = None, batch: str = "") -> Start:
    first = jobs[0]
    return Start(
        plan=Blueprint.of(first.params),
        names=tuple(each.target_name for each in jobs),
        project=first.owner.slug if first.owner else "",
        cluster=first.cluster.slug,
        hidden=_hidden(first, user),
        is_new=False,
        job=job,
        batch=batch,
        title=f"Tries again what failed as {first}" if job else f"Tries again the {len(jobs)} that failed",
    )


def _hidden(job: Job, user: User) -> dict[str, dict[str, str]]:
    """What nobody may read is used again by whoever typed it, and by nobody else."""
    if job.requested_by_id != user.pk:
        return {}
    try:
        return unsealed(job.sealed)
    except Undecipherable:
        return {}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)
