"""Jobs as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.status import state_of
from ganeti_webmgr.ui.state import State

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True)
class Described:
    """A job with its words."""

    job: Job
    label: str
    title: str
    state: State


def described(jobs: Iterable[Job]) -> list[Described]:
    """The jobs with their words, in the same order."""
    return [Described(job, naming.label(job), naming.title(job), state_of(job)) for job in jobs]


def open_jobs(vms: Iterable[VirtualMachine]) -> dict[int, Job]:
    """By the machine's primary key, the job that is changing it now: the one that began first."""
    rows = Job.objects.open().filter(vm__in=[vm.pk for vm in vms]).order_by("-created_at", "-pk")
    return {job.vm_id: job for job in rows if job.vm_id}
