"""Jobs as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from ganeti_webmgr.jobs import naming, waiting
from ganeti_webmgr.jobs.models import OPEN, Job, Status
from ganeti_webmgr.jobs.status import state_of
from ganeti_webmgr.ui.state import State, moving

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine


LATELY = timedelta(days=1)
LONG = timedelta(hours=1)


def ended_lately() -> Q:
    """Jobs that ended within a day."""
    return Q(ended_at__gt=timezone.now() - LATELY)


def stuck() -> Q:
    """Jobs that have not ended for so long that somebody should look."""
    return Q(status__in=OPEN, created_at__lt=timezone.now() - LONG)


@dataclass(frozen=True)
class Described:
    """A job with its words."""

    job: Job
    label: str
    title: str
    state: State

    @property
    def wait(self) -> str:
        """Why it waits, in a few words; empty where it does not."""
        return waiting.brief(self.job) if self.job.is_open and self.job.waits_for else ""

    @property
    def doing(self) -> State:
        """The state of its object meanwhile."""
        return moving(naming.busy_word(self.job))


def described(jobs: Iterable[Job]) -> list[Described]:
    """The jobs with their words, in the same order."""
    return [Described(job, naming.label(job), naming.title(job), state_of(job)) for job in jobs]


def failed_lately(lines: list[Described]) -> Described | None:
    """The first line, where its job failed within a day: its object looks as if nothing had been asked."""
    for line in lines[:1]:
        ended = line.job.ended_at
        if line.job.status == Status.FAILED and ended and ended > timezone.now() - LATELY:
            return line
    return None


def open_jobs(vms: Iterable[VirtualMachine]) -> dict[int, Job]:
    """By the machine's primary key, the job that is changing it now: the one that began first."""
    rows = Job.objects.open().filter(vm__in=[vm.pk for vm in vms]).order_by("-created_at", "-pk")
    return {job.vm_id: job for job in rows if job.vm_id}
