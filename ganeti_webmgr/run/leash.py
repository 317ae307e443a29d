"""Processes that end with the process that started them, even when that one was killed."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(sig: signal.Signals) -> None:
    """The kernel sends this process the signal when its parent ends, however it ends."""
    if _libc.prctl(_PR_SET_PDEATHSIG, int(sig)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def leash() -> Callable[[], None]:
    """What a child does between fork and exec, so that it cannot outlive this process."""
    parent = os.getpid()

    def hold() -> None:
        end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel knew
            os._exit(1)

    return hold
