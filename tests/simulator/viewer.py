"""A viewer of screens on a plain socket, as RFC 6143 has it: just enough to look and to type."""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple, Self

from ganeti_webmgr.simulator.rfb.screen import SCREEN_HEIGHT, SCREEN_WIDTH

PATIENCE_S = 10


class Rectangle(NamedTuple):
    x: int
    y: int
    width: int
    height: int


EVERYTHING = Rectangle(0, 0, SCREEN_WIDTH, SCREEN_HEIGHT)


class Viewer:
    """Connected, but nothing is said yet."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = [bytes(SCREEN_WIDTH * 4) for _ in range(SCREEN_HEIGHT)]
        """What is on the screen, four bytes a pixel."""

    def shake_hands(self, version: bytes = b"RFB 003.008\n") -> tuple[int, int, bytes, str]:
        """Width, height, pixel format and name."""
        assert self.read(12) == b"RFB 003.008\n"
        self.send(version)
        if version == b"RFB 003.003\n":
            assert self.read(4) == b"\0\0\0\1"
        else:
            assert self.read(2) == b"\1\1"  # one way to prove who one is: not at all
            self.send(b"\1")
        if version == b"RFB 003.008\n":
            assert self.read(4) == b"\0\0\0\0"
        self.send(b"\1")  # others may look too
        width, height, form, length = struct.unpack(">HH16sI", self.read(24))
        return width, height, form, self.read(length).decode()

    def ask(self, *, incremental: bool, area: Rectangle = EVERYTHING) -> None:
        self.send(struct.pack(">BBHHHH", 3, incremental, *area))

    def press(self, keysym: int) -> None:
        for down in (1, 0):
            self.send(struct.pack(">BBxxI", 4, down, keysym))

    def update(self) -> list[Rectangle]:
        """The next part of the picture, when it has changed."""
        kind, count = struct.unpack(">BxH", self.read(4))
        assert kind == 0
        return [self._rectangle() for _ in range(count)]

    def _rectangle(self) -> Rectangle:
        *area, encoding = struct.unpack(">HHHHi", self.read(12))
        assert encoding == 0
        found = Rectangle(*area)
        for y in range(found.y, found.y + found.height):
            left, right = found.x * 4, (found.x + found.width) * 4
            self.lines[y] = self.lines[y][:left] + self.read(right - left) + self.lines[y][right:]
        return found

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes; EOFError where the connection ends before."""
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
