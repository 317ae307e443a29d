"""`/2/jobs` and everything below."""

from __future__ import annotations

from typing import Any

from ..jobs.job import Job
from ..query.engine import objects
from ..query.jobs import GETTERS, JOB_BULK, JOB_FULL
from ..server.access import WRITE
from ..server.errors import bad_request, internal
from .call import Call
from .table import resource

POLL_S = 10.0


@resource("GET", "/2/jobs")
def listing(call: Call) -> Any:
    jobs = call.cluster.queue.listed()
    if call.flag("bulk"):
        return objects(call.cluster, "job", JOB_BULK, jobs)
    return call.listing([job.id for job in jobs])


@resource("GET", "/2/jobs/NUMBER")
def one(call: Call) -> Any:
    """An unknown job is an object full of nulls."""
    job = call.cluster.queue.jobs.get(int(call.name))
    if job is None:
        return dict.fromkeys(JOB_FULL) | {"id": int(call.name)}
    return objects(call.cluster, "job", JOB_FULL, [job])[0]


@resource("DELETE", "/2/jobs/NUMBER")
def cancel(call: Call) -> Any:
    with call.cluster.change():
        return list(call.cluster.queue.cancel(int(call.name)))


@resource("GET", "/2/jobs/NUMBER/wait", needs=WRITE)
def wait(call: Call) -> Any:
    if call.body is None:
        raise internal("'NoneType' object is not subscriptable")
    fields, known, serial = _arguments(call.body)
    cluster = call.cluster
    job = cluster.queue.jobs.get(int(call.name))
    if job is None or job.archived(cluster.now()):
        raise internal(f"Can't load job file: {call.name}")

    def differs(job: Job) -> bool:
        return job.is_final or _values(job, fields) != known or bool(_entries(job, serial))

    job = cluster.queue.wait(job.id, until=differs, timeout_s=POLL_S) or job
    return {"job_info": _values(job, fields), "log_entries": _entries(job, serial)}


def _arguments(body: Any) -> tuple[list[str], list[Any] | None, int]:
    if "fields" not in body:
        raise bad_request("Required parameter 'fields' is missing")
    fields, known, serial = (body.get(key) for key in ("fields", "previous_job_info", "previous_log_serial"))
    if not isinstance(fields, list):
        raise bad_request("The 'fields' parameter should be a list")
    if not isinstance(known, list | None):
        raise bad_request("The 'previous_job_info' parameter should be a list")
    if not isinstance(serial, int | None):
        raise bad_request("The 'previous_log_serial' parameter should be a number")
    return fields, known, serial or 0


def _values(job: Job, fields: list[str]) -> list[Any]:
    """One unknown field makes all values null."""
    if not set(fields) <= GETTERS.keys():
        return [None for _ in fields]
    return [GETTERS[field](job) for field in fields]


def _entries(job: Job, after: int) -> list[list[Any]]:
    return [entry for op in job.ops for entry in op.log if entry[0] > after]
