"""What websockify calls for `select`: any number of descriptors, and no reading ahead of a slow side."""

from __future__ import annotations

import select as system
from collections.abc import Sequence
from typing import Any, Protocol


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


Ready = tuple[list[Any], list[Any], list[Any]]


def select(readers: Sequence[Any], writers: Sequence[Any], _: Sequence[Any], timeout_s: float) -> Ready:
    """As `select.select` with poll(2), which knows no limit of 1,024.

    There are two sides. While there is something to write to one that does not take it, the other is not
    read: else what a slow reader does not take would pile up here.
    """
    ready = _polled(readers, writers, timeout_s)
    stuck = [side for side in writers if side not in ready[1]]
    if not stuck:
        return ready
    heeded = [side for side in readers if side in stuck]  # the other one waits
    if ready[1] or any(side in heeded for side in ready[0]):
        return [side for side in ready[0] if side in heeded], ready[1], []
    return _polled(heeded, writers, timeout_s)


def _polled(readers: Sequence[HasDescriptor], writers: Sequence[HasDescriptor], timeout_s: float) -> Ready:
    poll = system.poll()
    for side in {*readers, *writers}:
        poll.register(side.fileno(), system.POLLIN * (side in readers) | system.POLLOUT * (side in writers))
    found = dict(poll.poll(timeout_s * 1000))
    # An error or a hang-up shows as readable, so that reading finds out which.
    readable = [side for side in readers if found.get(side.fileno(), 0) & ~system.POLLOUT]
    writable = [side for side in writers if found.get(side.fileno(), 0) & ~system.POLLIN]
    return readable, writable, []
