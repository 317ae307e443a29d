"""Answers that were computed before and are still true."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

KEPT = 32


class Cache:
    """Encoded answers by what was asked; all are forgotten as soon as anything changes."""

    def __init__(self, cluster: SimulatedCluster) -> None:
        self.cluster = cluster
        self._generation = -1
        self._answers: dict[Hashable, bytes] = {}

    def get(self, key: Hashable, compute: Callable[[], bytes]) -> bytes:
        if self._generation != self.cluster.generation:
            self._answers.clear()
            self._generation = self.cluster.generation
        if key not in self._answers:
            if len(self._answers) >= KEPT:
                self._answers.clear()
            self._answers[key] = compute()
        return self._answers[key]
