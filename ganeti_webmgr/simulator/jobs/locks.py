"""Ganeti's locks: shared or exclusive, all of an opcode's at once, first come first served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHARED, EXCLUSIVE = "shared", "exclusive"
Wanted = Mapping[str, str]


class Locks:
    """Who holds which lock, and who waits for it."""

    def __init__(self) -> None:
        self._held: dict[int, Wanted] = {}
        self._waiting: dict[int, Wanted] = {}

    def acquire(self, job: int, wanted: Wanted) -> bool:
        """Takes all of them, or none and stays in line."""
        if self._blocked(job, wanted):
            self._waiting[job] = wanted
            return False
        self._waiting.pop(job, None)
        self._held[job] = wanted
        return True

    def release(self, job: int) -> None:
        self._held.pop(job, None)
        self._waiting.pop(job, None)

    def _blocked(self, job: int, wanted: Wanted) -> bool:
        ahead = [locks for owner, locks in self._held.items() if owner != job]
        for waiter, locks in self._waiting.items():
            if waiter == job:
                break
            ahead.append(locks)
        return any(_conflict(wanted, locks) for locks in ahead)

    def rows(self) -> list[dict[str, Any]]:
        """One row a lock, as the lock query shows them."""
        names = sorted({name for locks in (*self._held.values(), *self._waiting.values()) for name in locks})
        return [self._row(name) for name in names]

    def _row(self, name: str) -> dict[str, Any]:
        owners = [job for job, locks in self._held.items() if name in locks]
        pending = [[locks[name], [str(job)]] for job, locks in self._waiting.items() if name in locks]
        mode = self._held[owners[0]][name] if owners else None
        return {"name": name, "mode": mode, "owner": [str(job) for job in owners], "pending": pending}


def _conflict(one: Wanted, other: Wanted) -> bool:
    return any(name in other and EXCLUSIVE in (mode, other[name]) for name, mode in one.items())
