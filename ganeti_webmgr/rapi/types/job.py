"""Jobs: what they did, for whom, and what went wrong (Reference 4.5, 5)."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from .failure import JobError, job_error
from .frozen import Frozen, JobMoment, Params, ReasonMoment

FINAL_STATUSES = frozenset({"success", "error", "canceled"})

_WARNING = " - WARNING: "


class Reason(Frozen):
    """One step of a job's reason trail: who or what asked for it, and why."""

    source: str
    text: str
    at: ReasonMoment


class LogEntry(Frozen):
    """A line, or for other types than `message` a value, of a job's log."""

    serial: int
    at: AwareDatetime | None
    type: str
    text: str

    @property
    def warning(self) -> str | None:
        """The text of a warning, if this is one."""
        return self.text.removeprefix(_WARNING).strip() if self.text.startswith(_WARNING.rstrip()) else None


class Spawned(Frozen):
    """A job that a job has started, or why it could not; its success is not its parent's."""

    job_id: int | None
    message: str | None


class Job(Frozen):
    """A job. In bulk lists without log and results.

    Between two operations of one job its status goes back to `queued` (Reference 5.1).
    """

    id: int
    status: str
    summary: tuple[str, ...] = ()
    ops: tuple[Params, ...] = ()
    opstatus: tuple[str, ...] = ()
    oplog: tuple[tuple[Any, ...], ...] | None = None
    opresult: tuple[Any, ...] | None = None
    received_at: JobMoment = Field(default=None, alias="received_ts")
    started_at: JobMoment = Field(default=None, alias="start_ts")
    ended_at: JobMoment = Field(default=None, alias="end_ts")

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    @property
    def reason_trail(self) -> list[Reason]:
        """Every step of every operation's trail, each once."""
        steps = [
            Reason(source=source, text=text, at=at)
            for operation in self.ops
            for source, text, at in operation.get("reason") or ()
        ]
        return list(dict.fromkeys(steps))

    @property
    def error(self) -> JobError | None:
        """Why the job failed: the first failed operation's error."""
        for status, result in zip(self.opstatus, self.opresult or (), strict=False):
            if status == "error":
                return job_error(result)
        return None

    @property
    def log(self) -> list[LogEntry]:
        """All entries of all operations, in their order."""
        return [log_entry(entry) for entries in self.oplog or () for entry in entries]

    @property
    def warnings(self) -> list[str]:
        """What went wrong without making the job fail."""
        return [entry.warning for entry in self.log if entry.warning is not None]

    @property
    def spawned(self) -> list[Spawned]:
        """The jobs that this one has started (Reference 5.5)."""
        return [
            _spawned(ok, told)
            for status, result in zip(self.opstatus, self.opresult or (), strict=False)
            if status == "success" and isinstance(result, dict)
            for ok, told in result.get("jobs") or ()
        ]


class JobChange(Frozen):
    """What a wait has brought: the values of the fields asked for, and new log entries."""

    values: tuple[Any, ...]
    log: tuple[LogEntry, ...]


class CancelResult(Frozen):
    """Whether a job was cancelled, in Ganeti's words. `ok` False: it runs on, or is over, or never was."""

    ok: bool
    text: str


def log_entry(entry: Any) -> LogEntry:
    """A log entry from `[serial, [seconds, microseconds], type, message]` (Reference 5.2)."""
    serial, at, kind, message = entry
    moment = _JobTimes.model_validate({"at": at}).at
    return LogEntry(
        serial=serial, at=moment, type=kind, text=message if isinstance(message, str) else str(message)
    )


class _JobTimes(Frozen):
    at: JobMoment


def _spawned(ok: Any, told: Any) -> Spawned:
    return Spawned(job_id=int(told), message=None) if ok else Spawned(job_id=None, message=str(told))
