"""The screens of machines that want more than the simulator's: passwords, TLS, other versions, nonsense."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable

from ganeti_webmgr.consoles.rfb.reading import exactly
from ganeti_webmgr.consoles.rfb.vncauth import answer

CHALLENGE = bytes(range(16))
Part = Callable[[socket.socket], socket.socket | None]


def speaking(*parts: Part) -> socket.socket:
    """Our end of a connection to something that speaks these parts one after the other, and then closes."""
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    theirs.settimeout(5)

    def speak() -> None:
        connection = theirs
        try:
            for part in parts:
                connection = part(connection) or connection
            connection.recv(1)
        except OSError:
            pass
        finally:
            connection.close()

    threading.Thread(target=speak, daemon=True).start()
    return ours


def says(data: bytes) -> Part:
    def part(connection: socket.socket) -> None:
        connection.sendall(data)

    return part


def hears(expected: bytes) -> Part:
    def part(connection: socket.socket) -> None:
        heard = exactly(connection, len(expected))
        if heard != expected:
            raise OSError(f"heard {heard!r}")

    return part


def asks_password(password: str) -> Part:
    """A VNC password, with RFC 6143's result after it."""

    def part(connection: socket.socket) -> None:
        connection.sendall(CHALLENGE)
        if exactly(connection, 16) == answer(CHALLENGE, password):
            connection.sendall(bytes(4))
        else:
            reason = b"Authentication failed"
            connection.sendall(struct.pack(">II", 1, len(reason)) + reason)

    return part


def in_tls(context: ssl.SSLContext) -> Part:
    return lambda connection: context.wrap_socket(connection, server_side=True)
