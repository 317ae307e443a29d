"""The kinds of call, and how long each may take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a call is, which decides how long it may take and what a lost answer means."""

    READ = "read"
    LIVE = "live"  # contacts the nodes
    JOB = "job"  # a read that waits for a job of its own (Reference 8, trap 11)
    WAIT = "wait"
    WRITE = "write"
    CANCEL = "cancel"

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves open what happened."""
        return self in {Kind.WRITE, Kind.CANCEL}


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds for reaching the cluster, and for each kind of whole answer to its last byte (Reference 1.4).

    A write gets as long as Ganeti may need at most: giving up early would make its outcome unknown.
    """

    connect_s: float = 10
    read_s: float = 30
    live_s: float = 75
    job_s: float = 190
    wait_s: float = 15
    write_s: float = 190
    cancel_s: float = 60

    def answer_s(self, kind: Kind) -> float:
        """How long the answer to a call of this kind may take."""
        return {
            Kind.READ: self.read_s,
            Kind.LIVE: self.live_s,
            Kind.JOB: self.job_s,
            Kind.WAIT: self.wait_s,
            Kind.WRITE: self.write_s,
            Kind.CANCEL: self.cancel_s,
        }[kind]
