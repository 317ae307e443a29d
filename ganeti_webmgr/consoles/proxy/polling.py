"""What websockify calls for `select`: any number of descriptors, and no reading ahead of a slow side."""

from __future__ import annotations

import select as system
from collections.abc import Sequence
from typing import Any, Protocol


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


LAST_OF_SELECT = 1024

Ready = tuple[list[Any], list[Any], list[Any]]


def select(readers: Sequence[Any], writers: Sequence[Any], _: Sequence[Any], timeout_s: float) -> Ready:
    """As `select.select`, for any descriptor.

    There are two sides. While one does not take what is to be written to it, the other is not read:
    else what a slow reader does not take would pile up here.
    """
    ready = _asked(readers, writers, timeout_s)
    if len(ready[1]) == len(writers):
        return ready
    heeded = [side for side in readers if side in writers and side not in ready[1]]  # the other one waits
    if ready[1] or any(side in heeded for side in ready[0]):
        return [side for side in ready[0] if side in heeded], ready[1], []
    return _asked(heeded, writers, timeout_s)


def _asked(readers: Sequence[Any], writers: Sequence[Any], timeout_s: float) -> Ready:
    # The system's own, which is quicker, ends at this number.
    if all(side.fileno() < LAST_OF_SELECT for side in readers):
        return system.select(readers, writers, (), timeout_s)
    return _polled(readers, writers, timeout_s)


def _polled(readers: Sequence[HasDescriptor], writers: Sequence[HasDescriptor], timeout_s: float) -> Ready:
    poll = system.poll()
    for side in {*readers, *writers}:
        poll.register(side.fileno(), system.POLLIN * (side in readers) | system.POLLOUT * (side in writers))
    found = dict(poll.poll(timeout_s * 1000))
    # An error or a hang-up shows as readable, so that reading finds out which.
    readable = [side for side in readers if found.get(side.fileno(), 0) & ~system.POLLOUT]
    writable = [side for side in writers if found.get(side.fileno(), 0) & ~system.POLLIN]
    return readable, writable, []
