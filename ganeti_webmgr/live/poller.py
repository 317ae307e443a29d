from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import Error, connection, connections
from django.utils import timezone

from ganeti_webmgr.live.bell import Listener
from ganeti_webmgr.live.cursor import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable

# Looking at SQLite costs one pragma and no query while nothing was committed.
INTERVAL_S = {"sqlite": 0.2, "postgresql": 0.5}
REST_S = 2.0
# What was committed while the thread starts is not missed; hearing of something twice costs a refresh.
OVERLAP = timedelta(seconds=15)

_log = logging.getLogger(__name__)


class Poller(threading.Thread):
    """Reads the outbox as it grows, through every fault of the database and of Redis, until it is stopped."""

    def __init__(self, *, deliver: Callable[[list[str], int], object], ended: Callable[[], object]) -> None:
        """`deliver` gets new topics and the position after them; both are called in this thread."""
        super().__init__(name="live-poller", daemon=True)
        self._deliver = deliver
        self._ended = ended
        self._stopping = threading.Event()
        self._started_at = timezone.now()
        self._cursor: Cursor | None = None
        self._version: int | None = None
        self._down = False

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        bell = Listener(self._stopping)
        try:
            while not self._stopping.is_set():
                if self._look():
                    bell.wait(INTERVAL_S[connection.vendor])
                else:
                    self._stopping.wait(REST_S)
        finally:
            bell.close()
            connections.close_all()
            if not self._stopping.is_set():
                self._ended()

    def _look(self) -> bool:
        try:
            self._read()
        except Error as error:
            if not self._down:
                _log.warning("Live updates wait for the database: %s", error)
            self._down = True
            # The next attempt connects anew; the cursor stays, so nothing is lost.
            connection.close()
            self._version = None
            return False
        if self._down:
            _log.info("Live updates have the database again")
        self._down = False
        return True

    def _read(self) -> None:
        if not self._committed_elsewhere():
            return
        if self._cursor is None:
            self._cursor = Cursor(since=self._started_at - OVERLAP)
        topics = self._cursor.read()
        self._deliver(topics, self._cursor.position)

    def _committed_elsewhere(self) -> bool:
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version: int = cursor.fetchone()[0]
        changed = version != self._version
        self._version = version
        return changed
