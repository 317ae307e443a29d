"""One console that is open in this process, from its first byte to its last entry in the record."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.audit.origin import coming_from
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.consoles.endings import CLOSED, Ended, Ending
from ganeti_webmgr.consoles.models import Console
from ganeti_webmgr.consoles.proxy.line import Line
from ganeti_webmgr.live import publish
from ganeti_webmgr.live.sessions import Visitor
from ganeti_webmgr.permissions.standing import standing


class Visit:
    """What is known of it here. Whoever ends it first says why."""

    def __init__(self, console: Console, visitor: Visitor, browser: socket.socket) -> None:
        self.console = console
        self.visitor = visitor
        self.line: Line | None = None
        self.began = time.monotonic()
        self.ended: Ended | None = None
        self.ended_at = 0.0
        self._browser = browser
        self._lock = threading.Lock()

    def open(self, line: Line, place: str) -> None:
        """The screen is there: from now on it counts as open. Raises what ended it meanwhile."""
        self.line = line
        if self.ended:
            raise self.ended
        console = self.console
        console.place, console.opened_at = place, timezone.now()
        with transaction.atomic():
            console.save(update_fields=["place", "opened_at"])
            _told(console)
            with coming_from(console.address):
                record("console.opened", console.vm, after={**_said(console), "where": place}, **_by(console))

    def end(self, ending: Ending, detail: str = "") -> None:
        """Ends it from another thread: its own wakes, says goodbye and cleans up."""
        with self._lock:
            if self.ended:
                return
            self.ended, self.ended_at = Ended(ending, detail), time.monotonic()
        if self.line:
            self.line.hang_up()

    def cut(self) -> None:
        """For a browser that does not listen to a goodbye."""
        with contextlib.suppress(OSError):  # it has gone by itself
            self._browser.shutdown(socket.SHUT_RDWR)

    @property
    def idle_s(self) -> float:
        """Seconds without input of the person."""
        last = self.line.input_at if self.line and self.line.input_at else self.began
        return time.monotonic() - last

    @property
    def traffic(self) -> dict[str, object]:
        """What the row is told about it now and then."""
        if self.line is None:
            return {}
        last = timezone.now() - timedelta(seconds=self.idle_s) if self.line.input_at else None
        return {"bytes_in": self.line.bytes_in, "bytes_out": self.line.bytes_out, "last_input_at": last}


def close(console: Console, ended: Ended, traffic: dict[str, object]) -> None:
    """The end of a console in its row and in the record; nothing where it was written already."""
    now = timezone.now()
    values = {"ended_at": now, "ending": ended.ending.name, "detail": ended.detail[:300], **traffic}
    with transaction.atomic():
        if not Console.objects.filter(pk=console.pk, ended_at=None).update(**values):
            return
        _told(console)
        after = {
            **_said(console),
            "how": ended.ending.title,
            **({"detail": ended.detail} if ended.detail else {}),
            "seconds": round((now - console.started_at).total_seconds()),
            "bytes_in": traffic.get("bytes_in", 0),
            "bytes_out": traffic.get("bytes_out", 0),
        }
        with coming_from(console.address):
            if console.opened_at or ended.ending is CLOSED:
                record("console.closed", console.vm, after=after, **_by(console))
            else:
                record("console.failed", console.vm, after=after, **_by(console))


def _told(console: Console) -> None:
    publish(f"vm:{console.vm_id}", f"console:{console.pk}")


def _said(console: Console) -> dict[str, object]:
    return {"kind": console.get_kind_display(), "mode": console.get_mode_display()}


def _by(console: Console) -> dict[str, Any]:
    return {"by": console.user, "acted_as": standing(console.user, console.vm)}
