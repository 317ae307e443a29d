"""Job filters (Reference 2.4)."""

from __future__ import annotations

from typing import Any

from .frozen import Frozen


class FilterRule(Frozen):
    """A rule that holds back, refuses or limits jobs."""

    uuid: str
    watermark: int
    priority: int
    predicates: tuple[Any, ...]
    action: Any
    reason_trail: tuple[Any, ...]
