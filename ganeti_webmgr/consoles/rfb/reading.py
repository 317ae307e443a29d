"""Exact reads from a socket."""

from __future__ import annotations

import socket


class Closed(OSError):
    """The other side closed in the middle of something."""


def exactly(connection: socket.socket, count: int) -> bytes:
    """So many bytes; Closed where they do not come, TimeoutError where the socket has one."""
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise Closed("Closed in the middle of a message.")
        data += more
    return data


def number(connection: socket.socket, count: int) -> int:
    """An unsigned number of that many bytes, the high one first (RFC 6143, section 7)."""
    return int.from_bytes(exactly(connection, count), "big")
