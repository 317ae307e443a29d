"""The machine's end of a console, as websockify's relay wants it: a descriptor, `recv` and `send`."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import time
from collections.abc import Callable
from typing import Protocol


class Far(Protocol):
    """What is behind a line: a socket, or the terminal of a relay command."""

    def fileno(self) -> int: ...

    def recv(self, count: int, /) -> bytes: ...

    def sendall(self, data: bytes, /) -> None: ...

    def hang_up(self) -> None:
        """Wakes whoever waits for it: nothing more comes."""

    def close(self) -> None: ...


class Connection:
    """A socket, inside TLS or not."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.fileno, self.sendall, self.close = connection.fileno, connection.sendall, connection.close

    def recv(self, count: int) -> bytes:
        data = self._connection.recv(count)
        # What TLS has opened already does not show on the descriptor.
        if isinstance(self._connection, ssl.SSLSocket):
            while waiting := self._connection.pending():
                data += self._connection.recv(waiting)
        return data

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):  # it has gone already
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class Terminal:
    """The pseudo-terminal of a relay command."""

    def __init__(self, descriptor: int, end: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self.hang_up = end

    def fileno(self) -> int:
        return self._descriptor

    def recv(self, count: int) -> bytes:
        try:
            return os.read(self._descriptor, count)
        except OSError:  # how a pseudo-terminal says that its command has ended
            return b""

    def sendall(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._descriptor, data) :]

    def close(self) -> None:
        self.hang_up()
        os.close(self._descriptor)


class Judge(Protocol):
    """What decides how much of what a browser sends reaches the machine."""

    input_count: int
    """Pieces of a person's input that were passed on."""

    def feed(self, data: bytes, /) -> bytes:
        """What to pass on of it."""


class Typing:
    """Judges what is typed on a serial line: all of it passes, or nothing."""

    def __init__(self, *, watch_only: bool) -> None:
        self._watch_only = watch_only
        self.input_count = 0

    def feed(self, data: bytes) -> bytes:
        if self._watch_only:
            return b""
        self.input_count += bool(data)
        return data


class Line:
    """Counts what goes through, and lets through of the browser's input what its judge leaves of it."""

    def __init__(self, far: Far, judge: Judge) -> None:
        self._far, self._judge = far, judge
        self.fileno, self.hang_up, self.close = far.fileno, far.hang_up, far.close
        self.bytes_in = self.bytes_out = 0
        self.input_at: float | None = None
        """On the monotonic clock, when something last went to the machine that a person did."""

    def recv(self, count: int) -> bytes:
        data = self._far.recv(count)
        self.bytes_out += len(data)
        return data

    def send(self, data: bytes) -> int:
        """All of it is taken: what may pass is small, and a machine that does not take it is hung up on."""
        before = self._judge.input_count
        passed = self._judge.feed(data)
        if self._judge.input_count != before:
            self.input_at = time.monotonic()
        self._far.sendall(passed)
        self.bytes_in += len(passed)
        return len(data)
