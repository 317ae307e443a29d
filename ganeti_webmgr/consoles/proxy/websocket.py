"""websockify's websocket, with a limit on what one message may hold."""

from __future__ import annotations

from django.conf import settings
from websockify.websockifyserver import CompatibleWebSocket

PROTOCOL = "binary"
TICKET = "ticket."
"""Stands before the secret in the list of subprotocols, which is no part of the address and of no log."""


class TooLong(Exception):
    """A message of the browser is longer than any that makes sense."""


class WebSocket(CompatibleWebSocket):  # type: ignore[misc]  # it has no types
    """Speaks the one subprotocol, and gives up on messages that do not end."""

    def select_subprotocol(self, protocols: list[str]) -> str:
        return PROTOCOL if PROTOCOL in protocols else ""

    def _recv(self) -> bool:
        # websockify collects until a frame is whole, whatever length it says it has.
        if len(self._recv_buffer) + len(self._partial_msg) > settings.CONSOLE_LONGEST_MESSAGE:
            raise TooLong
        return bool(super()._recv())

    def _unmask(self, buf: bytes, mask: bytes) -> bytes:
        # As one large number: quick without numpy, which would cost 10 MB for this alone.
        length = len(buf)
        keys = (mask * (length // 4 + 1))[:length]
        return (int.from_bytes(buf, "big") ^ int.from_bytes(keys, "big")).to_bytes(length, "big")
