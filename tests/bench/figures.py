"""Many measurements in few numbers."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple, Self


class Times(NamedTuple):
    """How long something took, in milliseconds."""

    median: float
    p95: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Self:
        return cls(statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1])

    def __str__(self) -> str:
        return f"median {self.median:.0f} ms, p95 {self.p95:.0f} ms"
