from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from django.db import close_old_connections, connections

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class DatabaseThreads:
    """A few threads in which an event loop asks the database, each with a connection of its own.

    Django would give every open stream a thread and a connection for as long as it lasts.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="live-db")

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns or raises; connections are kept or renewed by the rules of the settings."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _as_a_request, work)

    def close(self) -> None:
        """End the threads, each of which closes its connection first."""
        together = threading.Barrier(self._count)
        for _ in range(self._count):
            self._pool.submit(_close, together)
        self._pool.shutdown()


def _as_a_request(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _close(together: threading.Barrier) -> None:
    # Nobody goes on before each thread has one of these calls.
    together.wait(timeout=10)
    connections.close_all()
