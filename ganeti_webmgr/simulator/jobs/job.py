"""A job and its opcodes, as the job file of a real master would hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..clock import split

FINAL = frozenset({"success", "error", "canceled"})
ARCHIVED_AFTER_S = 6 * 3600


@dataclass(kw_only=True)
class Op:
    """One opcode of a job: what was asked and what became of it."""

    input: dict[str, Any]
    summary: str
    status: str = "queued"
    result: Any = None
    log: list[list[Any]] = field(default_factory=list)
    start: float | None = None
    execute: float | None = None
    end: float | None = None

    @property
    def op_id(self) -> str:
        return str(self.input["OP_ID"])


@dataclass(kw_only=True)
class Job:
    """A job; its status follows from those of its opcodes."""

    id: int
    ops: list[Op]
    received: float
    start: float | None = None
    end: float | None = None
    log_serial: int = 0
    cancel_requested: bool = False

    @property
    def status(self) -> str:
        state = "queued"
        for op in self.ops:
            if op.status in ("error", "canceling", "canceled"):
                return op.status
            if op.status in ("waiting", "running"):
                state = op.status
        return "success" if all(op.status == "success" for op in self.ops) else state

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def priority(self) -> int:
        return min(int(op.input["priority"]) for op in self.ops)

    @property
    def current(self) -> Op | None:
        """The first opcode that has not ended."""
        return next((op for op in self.ops if op.status not in FINAL), None)

    @property
    def reasons(self) -> list[str]:
        """The texts of the reason trail's `gnt:user` entries, for tests to look at."""
        return [text for op in self.ops for source, text, _ in op.input["reason"] if source == "gnt:user"]

    def archived(self, now: float) -> bool:
        return self.end is not None and now - self.end > ARCHIVED_AFTER_S

    def write(self, op: Op, text: str, now: float) -> None:
        self.log_serial += 1
        op.log.append([self.log_serial, split(now), "message", text])

    def finish_rest(self, *, status: str, result: Any, now: float) -> None:
        """Ends every opcode that has not ended yet, and with it the job."""
        for op in self.ops:
            if op.status not in FINAL:
                op.status, op.result, op.end = status, result, now
        self.end = now
