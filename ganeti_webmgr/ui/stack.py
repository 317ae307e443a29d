"""Room on Python's stack for pages, whose templates nest deep."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_SLOTS = 2**15  # of 8 bytes: CPython takes a piece of twice the size, and leaves half of it to what is called


def on_one_piece(call: Callable[P, R]) -> Callable[P, R]:
    """The same call, with one piece of the stack for everything below it.

    CPython cuts its stack into pieces of 16 KiB, and maps and unmaps one at each call across an edge. A loop
    of a template that stands at an edge takes twice as long, and every middleware moves the edges.
    """

    def with_large_frame(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    with_large_frame.__code__ = with_large_frame.__code__.replace(co_stacksize=_SLOTS)
    return with_large_frame
