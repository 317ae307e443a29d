"""The terminal: one prefix for each process, so that their lines can be told apart."""

from __future__ import annotations

import asyncio
import os
import select
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = len("simulator")
_COLOURS = (36, 33, 35, 32, 34, 31)


class Console:
    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._names: list[str] = []

    def line(self, name: str, text: str) -> None:
        """One line of the process of that name."""
        self.write(f"{self._prefix(name)} {text}")

    def write(self, text: str) -> None:
        with suppress(OSError):  # nobody reads any more: see on_close
            print(text, file=self._stream, flush=True)

    def on_close(self, call: Callable[[], None]) -> None:
        """Calls once nobody reads any more: the terminal is closed, or the pipe.

        The signal that tells of a closed terminal does not reach everyone who writes to it.
        """
        loop = asyncio.get_running_loop()
        watch = select.epoll()

        def closed() -> None:
            loop.remove_reader(watch)
            call()

        with suppress(PermissionError):  # a file is never closed from its other end
            watch.register(self._stream, 0)  # nothing but what is always told: errors and the end
            loop.add_reader(watch, closed)

    def _prefix(self, name: str) -> str:
        prefix = f"{name.ljust(_WIDTH)} |"
        if not self._coloured:
            return prefix
        if name not in self._names:
            self._names.append(name)
        return f"\033[{_COLOURS[self._names.index(name) % len(_COLOURS)]}m{prefix}\033[0m"
