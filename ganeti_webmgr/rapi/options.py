"""What every job takes beside its own parameters (Reference 1.6, 1.7), by what each resource honours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

Priority = Literal[-10, 0, 10]
FinalStatus = Literal["success", "error", "canceled"]


class Dependency(NamedTuple):
    """Start only after that job has ended in one of these ways."""

    job_id: int
    statuses: Sequence[FinalStatus] = ("success",)


class Reasoned(TypedDict, total=False):
    """A write that can say why, and be found again by it."""

    reason: str | None


class Bare(Reasoned, total=False):
    """For resources that ignore everything in the body but `depends`: a job that can wait for others."""

    depends: Sequence[Dependency]


class Common(Bare, total=False):
    """For most resources."""

    priority: Priority
    comment: str | None
    debug_level: int


class OnInstance(Common, total=False):
    """`instance_uuid` makes the job fail when the name has passed to another instance."""

    instance_uuid: str


class OnNode(Common, total=False):
    """`node_uuid` makes the job fail when the name has passed to another node."""

    node_uuid: str
