"""A machine that was asked for here has come: it gets its owner, and its maker his rights."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import CREATE, OPEN, Job, Status
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions.granting import grant_to_maker
from ganeti_webmgr.permissions.quota import settle
from ganeti_webmgr.vms.models import VirtualMachine

LATELY = timedelta(days=1)
CHANGED_NOTHING = "OpPrereqError"  # the class of Ganeti's errors after which nothing was made


def welcome(cluster: Cluster, machines: Iterable[VirtualMachine]) -> None:
    """Sees to those of the machines, all new here, that a job of ours has made or is making."""
    by_name = {vm.name: vm for vm in machines}
    if not by_name:
        return
    rows = Job.objects.filter(cluster=cluster, target_name__in=by_name)
    for job in _that_may_have_made_one(rows).order_by("pk"):
        _hand_over(job, by_name[job.target_name])


def welcome_for(job: Job) -> None:
    """Sees to the machine that the job has made, where that was not done when it came."""
    if job.vm is None and _that_may_have_made_one(Job.objects.filter(pk=job.pk)).exists():
        vm = job.cluster.vms.filter(name=job.target_name, missing_since=None).first()
        if vm:
            _hand_over(job, vm)


def _that_may_have_made_one(jobs: QuerySet[Job]) -> QuerySet[Job]:
    made = Q(status__in=[*OPEN, Status.DONE]) | (Q(status=Status.FAILED) & ~Q(error_class=CHANGED_NOTHING))
    since = timezone.now() - LATELY
    return jobs.filter(made, command=CREATE, vm=None, sent_at__gt=since).select_related(
        "owner", "requested_by"
    )


def _hand_over(job: Job, vm: VirtualMachine) -> None:
    owner, maker = job.owner, job.requested_by
    # Somebody else may have made one of the name. Only what we ask for bears the owner's tag from the first.
    if owner is None or owner.tag not in vm.tags or vm.owner_id not in {None, owner.pk}:
        return
    if job.sent_at is None or vm.first_seen_at < job.sent_at:
        return
    vm.owner, vm.notes = owner, vm.notes or str(job.params.get("notes", ""))
    vm.save(update_fields=["owner", "notes"])
    job.vm = vm
    Job.objects.filter(pk=job.pk).update(vm=vm)
    settle(job)
    if maker and maker.is_active:
        grant_to_maker(maker, vm)
    publish(f"vm:{vm.pk}", f"job:{job.pk}", f"project:{owner.pk}")
    record("machine.made", vm, by=maker or job.origin, job=job, after={"owner": str(owner)})
