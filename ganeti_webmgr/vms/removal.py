"""What remains of a machine that was removed: nothing but the record and its jobs."""

from __future__ import annotations

from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.live import publish
from ganeti_webmgr.vms.commands import Remove
from ganeti_webmgr.vms.models import VirtualMachine


def delete_with_rights(vm: VirtualMachine) -> None:
    """Deletes the row; its jobs stay with whom the machine was last, and come back to nobody else."""
    Job.objects.filter(vm=vm).update(owner=vm.owner)
    vm.delete()


def forget_removed(job: Job) -> None:
    """Deletes the machine that the job has removed, and all rights on it with it.

    Only where a whole answer of its cluster says as well that it is gone.
    """
    if job.command != Remove.name or job.status != Status.DONE or job.vm is None:
        return
    job.vm.refresh_from_db(fields=["missing_since"])
    if job.vm.missing_since:
        delete_with_rights(job.vm)
        publish(f"cluster:{job.cluster_id}")
