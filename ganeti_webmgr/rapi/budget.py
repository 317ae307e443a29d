"""How many requests a cluster gets at a time from this process.

The daemon serves about 20 connections and then nothing at all (Reference 1.3), so each cluster has
a budget that all clients of the process share.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition, Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from .errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class Budget:
    """The connections to one cluster that are in use."""

    def __init__(self) -> None:
        self._free = Condition()
        self._in_use = 0

    @contextmanager
    def place(self, *, limit: int, wait_s: float) -> Iterator[None]:
        """Holds one of `limit` connections; `Busy` when none comes free in time."""
        with self._free:
            if not self._free.wait_for(lambda: self._in_use < limit, timeout=wait_s):
                raise Busy(f"All {limit} connections to the cluster have been in use for {wait_s:g} s")
            self._in_use += 1
        try:
            yield
        finally:
            with self._free:
                self._in_use -= 1
                # All, because the waiting may have different limits.
                self._free.notify_all()


_budgets: WeakValueDictionary[str, Budget] = WeakValueDictionary()
_lock = Lock()


def budget_of(url: str) -> Budget:
    """The one budget of this process for the cluster at this address."""
    with _lock:
        return _budgets.setdefault(url, Budget())
