"""Jobs (Reference 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, TypeAdapter

from .calls import Kind
from .errors import NotFound
from .resource import BULK, Resource
from .types import CancelResult, Job, JobChange
from .types.job import log_entry

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Unknown(BaseModel):
    """How Ganeti shows a job that never was: nothing but nulls (Reference 8, trap 6)."""

    id: int
    status: None


class _Listed(BaseModel):
    id: int


class _Change(BaseModel):
    job_info: list[Any]
    log_entries: list[Any]


_JOB: TypeAdapter[Job | _Unknown] = TypeAdapter(Job | _Unknown)
_JOBS = TypeAdapter(list[Job])
_IDS = TypeAdapter(list[_Listed])
_CANCELLED = TypeAdapter(tuple[bool, str])
_CHANGE: TypeAdapter[_Change | None] = TypeAdapter(_Change | None)


class Jobs(Resource):
    """`client.jobs`. For following many jobs at once, `client.query.jobs` is cheaper."""

    def ids(self) -> list[int]:
        """The ids of all jobs that are not archived."""
        return [entry.id for entry in self._read("/2/jobs", _IDS)]

    def list(self) -> list[Job]:
        """All jobs that are not archived, without logs and results. Reads every job file."""
        return self._read("/2/jobs", _JOBS, query=BULK)

    def get(self, job_id: int) -> Job:
        """The job, archived or not."""
        path = f"/2/jobs/{job_id:d}"
        job = self._read(path, _JOB)
        if isinstance(job, _Unknown):
            raise NotFound(f"Job {job_id} not found", status=200, method="GET", path=path)
        return job

    def cancel(self, job_id: int) -> CancelResult:
        """Whether it could be cancelled; a running job goes on. May take 45 s (Reference 1.4)."""
        ok, text = self._client.request("DELETE", f"/2/jobs/{job_id:d}", _CANCELLED, kind=Kind.CANCEL)
        return CancelResult(ok=ok, text=text)

    def wait(
        self,
        job_id: int,
        *,
        fields: Sequence[Literal["status"] | str] = ("status",),
        previous: Sequence[Any] | None = None,
        previous_log_serial: int | None = None,
    ) -> JobChange | None:
        """What has changed since `previous`, after at most 10 s; perhaps nothing.

        Takes the right to write, and one of the cluster's few connections for all that time.
        Only the field `status` is cheap (Reference 5.3).
        """
        body = {
            "fields": [*fields],
            "previous_job_info": None if previous is None else [*previous],
            "previous_log_serial": previous_log_serial,
        }
        change = self._client.request("GET", f"/2/jobs/{job_id:d}/wait", _CHANGE, kind=Kind.WAIT, body=body)
        if change is None:
            return None
        return JobChange(values=tuple(change.job_info), log=tuple(map(log_entry, change.log_entries)))
