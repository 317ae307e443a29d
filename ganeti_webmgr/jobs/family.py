"""A job that began others, told as a whole: it has ended long before they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from ganeti_webmgr.jobs.listing import Described, described
from ganeti_webmgr.jobs.models import OPEN, Job, Status
from ganeti_webmgr.jobs.status import state_of
from ganeti_webmgr.ui.state import State

SHOWN = 200


@dataclass(frozen=True)
class Tally:
    """How far the jobs have come that a job began."""

    total: int
    done: int
    failed: int
    open: int

    @property
    def words(self) -> str:
        """ "3 of 5 done, 1 failed" """
        told = [f"{self.done} of {self.total} done"]
        if self.failed:
            told.append(f"{self.failed} failed")
        return ", ".join(told)

    @property
    def state(self) -> State | None:
        """The state of the whole; None where the job's own says it."""
        if self.open:
            return State("busy", "loader-2", self.words, pill=True)
        if self.failed:
            return State("bad", "circle-x-filled", self.words, pill=True)
        return None


@dataclass(frozen=True)
class Family:
    """The jobs that a job began, and what it could not even begin."""

    tally: Tally
    lines: list[Described]
    refused: list[str]


def family(job: Job) -> Family | None:
    """What the job began; None where that is nothing."""
    tally = tallies([job]).get(job.pk)
    refused = not_begun(job)
    if tally is None:
        return None
    children = job.children.select_related("vm__cluster").order_by("ganeti_id", "pk")[:SHOWN]
    return Family(tally, described(children), refused)


def not_begun(job: Job) -> list[str]:
    """Why jobs that it should have begun were not, in Ganeti's words."""
    return [str(told) for ok, told in _begun(job) if not ok]


def begun_by(job: Job) -> int:
    """How many jobs it began, or was to begin, as Ganeti lists them."""
    return len(_begun(job))


def tallies(jobs: Iterable[Job]) -> dict[int, Tally]:
    """By the job's primary key, how far those have come that it began; nothing of those that began none."""
    jobs = list(jobs)
    counts = Job.objects.filter(parent__in=[job.pk for job in jobs]).order_by().values("parent")
    rows = counts.annotate(
        seen=Count("pk"),
        done=Count("pk", filter=Q(status=Status.DONE)),
        open=Count("pk", filter=Q(status__in=OPEN)),
    )
    seen = {row["parent"]: row for row in rows}
    found = {}
    for job in jobs:
        row = seen.get(job.pk) or {"seen": 0, "done": 0, "open": 0}
        begun = _begun(job)
        unseen = max(sum(1 for ok, _ in begun if ok) - row["seen"], 0)
        refused = sum(1 for ok, _ in begun if not ok)
        if total := row["seen"] + unseen + refused:
            failed = row["seen"] - row["done"] - row["open"] + refused
            found[job.pk] = Tally(total, row["done"], failed, row["open"] + unseen)
    return found


def told_whole(jobs: Iterable[Job]) -> list[Described]:
    """The jobs with their words, each in the state of all that it began."""
    jobs = list(jobs)
    found = tallies(jobs)
    return [replace(line, state=whole_state(line.job, found.get(line.job.pk))) for line in described(jobs)]


def whole_state(job: Job, tally: Tally | None) -> State:
    """The job's state; once it is done, that of all that it began."""
    return (tally and job.status == Status.DONE and tally.state) or state_of(job)


def _begun(job: Job) -> list[tuple[bool, object]]:
    """Ganeti's own list of what it began: whether it did, and the number or why not."""
    if "result" in job.get_deferred_fields():
        return []  # in lists, where it would be asked for of each
    results = job.result if isinstance(job.result, list) else []
    return [
        (bool(ok), told)
        for result in results
        if isinstance(result, dict)
        for ok, told in result.get("jobs") or ()
    ]
