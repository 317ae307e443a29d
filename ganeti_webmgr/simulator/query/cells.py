"""Cells of a query's answer: a value, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Missing:
    """A cell without a value; the number is Ganeti's."""

    status: int


NO_DATA, UNAVAILABLE, OFFLINE = Missing(2), Missing(3), Missing(4)


def cell(value: Any) -> tuple[int, Any]:
    return (value.status, None) if isinstance(value, Missing) else (0, value)


def bare(value: Any) -> Any:
    """The value as the older, statusless answers give it."""
    return None if isinstance(value, Missing) else value


def or_unavailable(value: Any) -> Any:
    return UNAVAILABLE if value is None else value
