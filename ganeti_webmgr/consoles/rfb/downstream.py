"""The handshake with the browser's viewer: version 3.8 and no password (RFC 6143, section 7.1)."""

from __future__ import annotations

from collections.abc import Generator

GREETING = b"RFB 003.008\n"
ONE_KIND_NONE = bytes([1, 1])
NONE = bytes([1])
LET_IN = bytes(4)


class NotRFB(Exception):
    """The browser does not speak RFB."""


def handshake() -> Generator[tuple[bytes, int], bytes, None]:
    """What to send, and how many bytes are to come back; those are given with `send`. NotRFB raises."""
    if (yield GREETING, len(GREETING)) != GREETING:
        raise NotRFB
    if (yield ONE_KIND_NONE, 1) != NONE:
        raise NotRFB
    yield LET_IN, 0
