"""The fields of jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..clock import split
from ..jobs.job import Job

JOB_BULK = ["id", "ops", "status", "summary", "opstatus", "received_ts", "start_ts", "end_ts"]
JOB_FULL = [*JOB_BULK, "oplog", "opresult"]


def _moment(at: float | None) -> list[int] | None:
    return None if at is None else split(at)


def _end(job: Job) -> list[int] | None:
    # Real Ganeti sets no end for a job that was dequeued before it began.
    return _moment(job.end)


GETTERS: dict[str, Callable[[Job], Any]] = {
    "id": lambda job: job.id,
    "status": lambda job: job.status,
    "summary": lambda job: [op.summary for op in job.ops],
    "ops": lambda job: [op.input for op in job.ops],
    "opstatus": lambda job: [op.status for op in job.ops],
    "opresult": lambda job: [op.result for op in job.ops],
    "oplog": lambda job: [op.log for op in job.ops],
    "opstart": lambda job: [_moment(op.start) for op in job.ops],
    "opexec": lambda job: [_moment(op.execute) for op in job.ops],
    "opend": lambda job: [_moment(op.end) for op in job.ops],
    "oppriority": lambda job: [op.input["priority"] for op in job.ops],
    "priority": lambda job: job.priority,
    "received_ts": lambda job: split(job.received),
    "start_ts": lambda job: _moment(job.start),
    "end_ts": _end,
}
