"""Waiting for what happens in other threads and processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_S = 0.05


def until(condition: Callable[[], T], *, within_s: float = 20, but: Callable[[], object] = str) -> T:
    """What the condition gives once it gives something true.

    AssertionError after that time; `but` tells then how things stand.
    """
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"This did not come true within {within_s:g} s. {but()}")
        time.sleep(LOOK_EVERY_S)
    return found
