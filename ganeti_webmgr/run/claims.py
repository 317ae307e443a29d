"""What only one process may have: the state directory and the port."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CannotStart(Exception):
    """Why not, in words for the person who tried."""


class StateLock:
    """The state directory is ours until this process ends."""

    def __init__(self, state_dir: Path) -> None:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = (state_dir / "run.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            raise CannotStart(
                f"Ganeti Web Manager is already running from {state_dir} ({self._file.read()}).\n"
                "Stop that one, or run this one elsewhere: make run GWM_STATE_DIR=/some/where PORT=8001"
            ) from None
        self.describe("starting")

    def describe(self, what: str) -> None:
        """Leaves word for whoever finds the directory taken."""
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()}, {what}")
        self._file.flush()


def listen_beside(host: str, port: int) -> socket.socket:
    """A listening socket for consoles: the port after the site's where it is free, else any."""
    try:
        return listen(host, port + 1)
    except (CannotStart, OverflowError):
        return listen(host, 0)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, for a child to inherit.

    It is made before anything starts, so that a port in use is known at once. As it stays open, whoever comes
    while the web process starts, or starts again, waits instead of being refused.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} on {host} is in use. Take another: make run PORT={port + 1}"
            ) from None
        raise CannotStart(f"Cannot listen on port {port} of {host}: {error.strerror}.") from None
    # Connections inherit it. uvicorn sets it only on sockets of its own making; without it each request on
    # a kept connection waits 40 ms for the other side's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
