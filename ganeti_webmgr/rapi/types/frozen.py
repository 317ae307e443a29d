"""What all results have in common: they are read from Ganeti's answers, and stay as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

Params = Mapping[str, Any]
"""Parameters by name, in Ganeti's words (Reference 6)."""


class Frozen(BaseModel):
    """A result. Fields bear our names with units; the alias is Ganeti's. What is not known is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)


def _moment(value: Any) -> Any:
    # The first node group was "created" at 0 (Reference 4).
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) and value else None


def _job_moment(value: Any) -> Any:
    if not value:
        return None
    seconds, microseconds = value
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def _reason_moment(value: Any) -> Any:
    return datetime.fromtimestamp(value / 1e9, UTC)


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
"""From epoch seconds."""

JobMoment = Annotated[datetime | None, BeforeValidator(_job_moment)]
"""From `[seconds, microseconds]` (Reference 4.5)."""

ReasonMoment = Annotated[datetime, BeforeValidator(_reason_moment)]
"""From nanoseconds (Reference 5.6)."""
