"""Jobs that are asked for in one request, their parent's: rows of their own from the first, which go with it.

They are never sent by themselves. Ganeti begins a job for each once it has done the parent's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import REGISTRY, Command, ForMany, restore
from ganeti_webmgr.jobs.models import Job, JobQuerySet, Status
from ganeti_webmgr.jobs.notices import publish_job

# As Ganeti itself says of a single one for which there is no room: nothing was made.
NO_ROOM = {"klass": "OpPrereqError", "code": "insufficient_resources"}


def is_for_many(job: Job) -> bool:
    return bool(job.command) and issubclass(REGISTRY[job.command], ForMany)


def claimed(parent: Job) -> dict[str, Command[Any]]:
    """By name, what goes with the parent that was claimed: all that was not cancelled before."""
    parent.children.filter(status=Status.REQUESTED).update(status=Status.UNKNOWN, sent_at=parent.sent_at)
    return {
        child.target_name: restore(child.command, child.params, sealed=child.sealed)
        for child in _waiting(parent).filter(status=Status.UNKNOWN).order_by("pk")
    }


def accepted(parent: Job) -> None:
    """Ganeti has the parent, and so its parts."""
    if is_for_many(parent) and _waiting(parent).filter(status=Status.UNKNOWN).update(
        status=Status.RUNNING, ganeti_status="queued"
    ):
        publish_job(*parent.children.all())


def released(parent: Job) -> list[Job]:
    """Puts back the parts, as nothing reached the cluster; those that end by a cancel meanwhile."""
    back = _waiting(parent).filter(status=Status.UNKNOWN)
    meant = list(back.exclude(cancel_requested_at=None).values_list("pk", flat=True))
    back.filter(cancel_requested_at=None).update(status=Status.REQUESTED, sent_at=None)
    return _ended(back.filter(pk__in=meant), status=Status.CANCELLED)


def settled(parent: Job) -> list[Job]:
    """Gives each part its number, or its end, by the end of its parent; those that ended."""
    waiting = _waiting(parent).open()
    if parent.status == Status.CANCELLED:
        return _ended(waiting, status=Status.CANCELLED)
    if parent.status == Status.FAILED:
        return _ended(waiting, **_failed(parent.error, parent.error_class, parent.error_code))
    told = _told(parent)
    numbers = [outcome for outcome in told.values() if isinstance(outcome, int)]
    known = Job.objects.filter(cluster=parent.cluster_id, ganeti_id__in=numbers)
    seen = set(known.values_list("ganeti_id", flat=True))
    over: list[Job] = []
    for child in waiting:
        outcome = told.get(child.target_name)
        row = Job.objects.filter(pk=child.pk)
        if outcome in seen:
            over += _ended(
                row, **_failed(f"Ganeti's job {outcome} bears another name. Look at what it made.", "", "")
            )
        elif isinstance(outcome, int):
            row.update(status=Status.RUNNING, ganeti_status="queued", ganeti_id=outcome)
            publish_job(child)
        elif outcome:
            over += _ended(row, **_failed(outcome))
        elif outcome is None:
            over += _ended(row, **_failed("The cluster did not say what became of it.", "", ""))
        else:
            over += _ended(row, **_failed("The cluster found no place for it. Nothing was made."))
    return over


def part_of(parent: Job | None, row: rapi.JobRow) -> Job | None:
    """The part of the parent for which Ganeti began this job."""
    if parent is None or not is_for_many(parent):
        return None
    name = str(row.ops[0].get("instance_name", "")) if row.ops else ""
    return parent.children.filter(Q(ganeti_id=row.id) | Q(ganeti_id=None, target_name=name)).first()


def _waiting(parent: Job) -> JobQuerySet:
    """Its parts for which Ganeti has begun no job yet."""
    return Job.objects.filter(parent=parent, ganeti_id=None).exclude(command="")


def _told(parent: Job) -> dict[str, int | str]:
    """By name, the number of the job, or why there is none; empty where there was no room for it."""
    found: dict[str, int | str] = {}
    for result in parent.result or []:
        if isinstance(result, dict):
            jobs = [int(said) if ok else str(said) for ok, said in result.get("jobs", [])]
            found |= dict(zip(result.get("allocatable", []), jobs, strict=False))
            found |= dict.fromkeys(result.get("failed", []), "")
    return found


def _failed(error: str, klass: str = NO_ROOM["klass"], code: str = NO_ROOM["code"]) -> dict[str, Any]:
    return {"status": Status.FAILED, "error": error, "error_class": klass, "error_code": code}


def _ended(rows: JobQuerySet, **fields: Any) -> list[Job]:
    """Those of the rows that have ended so, by this and by nothing else."""
    return list(_ends(rows, fields))


def _ends(rows: JobQuerySet, fields: dict[str, Any]) -> Iterator[Job]:
    for child in list(rows):
        if Job.objects.filter(pk=child.pk, status=child.status).update(**fields, ended_at=timezone.now()):
            child.refresh_from_db()
            publish_job(child)
            yield child
