"""A browser's viewer, as the console proxy sees it: websockify's own client, with a cookie."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from websockify.websocket import WebSocket, WebSocketWantReadError

from ganeti_webmgr.consoles.proxy.websocket import PROTOCOL, TICKET

PATIENCE_S = 15
ORIGIN = "http://localhost"


@dataclass(frozen=True)
class Goodbye:
    """What the proxy said when it closed."""

    code: int
    reason: str


class _WithCookie(WebSocket):  # type: ignore[misc]  # it has no types
    cookie = ""
    extra: tuple[tuple[str, str], ...] = ()
    _came_with_the_answer = True

    def _recv(self) -> bool:
        # websockify's client forgets what came in one piece with the answer to its request.
        if self._state == "done" and self._came_with_the_answer:
            self._came_with_the_answer = False
            if self._recv_buffer:
                return True
        return bool(super()._recv())

    def end_headers(self) -> None:
        if self.cookie:
            self.send_header("Cookie", self.cookie)
        for name, value in self.extra:
            self.send_header(name, value)
        super().end_headers()


class Refused(Exception):
    """The proxy did not make it a websocket."""


class Viewer:
    """Connects with a ticket and speaks RFB as a viewer does."""

    def __init__(
        self,
        port: int,
        ticket: str,
        *,
        session: str,
        origin: str | None = ORIGIN,
        path: str = "/console/ws",
        extra: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._received = b""
        self.socket: Any = _WithCookie()
        self.socket.cookie = f"{settings.SESSION_COOKIE_NAME}={session}" if session else ""
        self.socket.extra = extra
        protocols = [PROTOCOL, f"{TICKET}{ticket}"]
        try:
            self.socket.connect(f"ws://127.0.0.1:{port}{path}", origin=origin, protocols=protocols)
        except Exception as error:
            raise Refused(str(error)) from None
        self.socket.settimeout(PATIENCE_S)

    def greets(self, *, asks: bool = True) -> Self:
        """The handshake up to the first request for the screen, as noVNC does it."""
        assert self._takes(12) == b"RFB 003.008\n"
        self.socket.send(b"RFB 003.008\n")
        assert self._takes(2) == bytes([1, 1])  # one kind of security: none
        self.socket.send(bytes([1]))
        assert self._takes(4) == bytes(4)
        self.socket.send(bytes([0]))  # "not shared", which would show all others out
        width, height, length = struct.unpack(">HH16xI", self._takes(24))
        self.size, self.name = (width, height), self._takes(length).decode()
        if asks:
            self.asks_for_update()
        return self

    def asks_for_update(self) -> None:
        self.socket.send(struct.pack(">BBHHHH", 3, 0, 0, 0, *self.size))

    def sees_update(self) -> bytes:
        """The pixels of the next update."""
        kind, count = struct.unpack(">BxH", self._takes(4))
        assert kind == 0
        pixels = b""
        for _ in range(count):
            _, _, width, height, encoding = struct.unpack(">HHHHi", self._takes(12))
            assert encoding == 0
            pixels += self._takes(width * height * 4)
        return pixels

    def types(self, text: str) -> None:
        for character in text:
            for down in (1, 0):
                self.socket.send(struct.pack(">BBxxI", 4, down, ord(character)))

    def hears_goodbye(self) -> Goodbye:
        """Reads on until the proxy closes."""
        while True:
            try:
                if self.socket.recvmsg() is None:
                    break
            except WebSocketWantReadError:
                continue
        return Goodbye(self.socket.close_code, self.socket.close_reason or "")

    def leaves(self) -> None:
        self.socket.close(1000)

    def _takes(self, count: int) -> bytes:
        while len(self._received) < count:
            try:
                message = self.socket.recvmsg()
            except WebSocketWantReadError:
                continue
            if message is None:
                raise EOFError(self.socket.close_code, self.socket.close_reason)
            self._received += message
        taken, self._received = self._received[:count], self._received[count:]
        return taken
