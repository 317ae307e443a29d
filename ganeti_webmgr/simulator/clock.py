"""Time: one thread with a heap of what is due, shared by all clusters of a simulator."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Timer:
    """Calls functions when they are due; sleeps, without waking, while nothing is."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._running = False
        self._thread = threading.Thread(target=self._run, name="simulator-timer", daemon=True)

    def start(self) -> None:
        self._running = True
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._running = False
            self._wake.notify()
        self._thread.join()

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Calls it that much later in the timer's thread; it must be quick and must not raise."""
        with self._wake:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._wake.notify()

    def _run(self) -> None:
        while (call := self._next()) is not None:
            try:
                call()
            except Exception:
                # One cluster's mistake must not stop the clocks of all the others.
                log.exception("a timed call failed")

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while self._running:
                if not self._due:
                    self._wake.wait()
                    continue
                remaining = self._due[0][0] - time.monotonic()
                if remaining <= 0:
                    return heapq.heappop(self._due)[2]
                self._wake.wait(remaining)
        return None


def split(moment: float) -> list[int]:
    """Seconds and microseconds, the form of all timestamps of jobs."""
    seconds = int(moment)
    return [seconds, int((moment - seconds) * 1_000_000)]
