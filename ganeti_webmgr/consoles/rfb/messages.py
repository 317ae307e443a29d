"""What a viewer sends, message by message (RFC 6143, section 7.5), with what it may not send left out."""

from __future__ import annotations

import struct
from collections.abc import Callable

# Kinds of messages. Those above 7 are extensions that noVNC and QEMU have (rfbproto).
SET_PIXEL_FORMAT, SET_ENCODINGS, UPDATE_REQUEST, KEY, POINTER, CUT_TEXT = 0, 2, 3, 4, 5, 6
CONTINUOUS_UPDATES, FENCE, XVP, SET_DESKTOP_SIZE, QEMU = 150, 248, 250, 251, 255
LOOKING = frozenset({SET_PIXEL_FORMAT, SET_ENCODINGS, UPDATE_REQUEST, CONTINUOUS_UPDATES, FENCE})
INPUT = frozenset({KEY, POINTER, CUT_TEXT, SET_DESKTOP_SIZE, QEMU})
# Not XVP, which turns machines off: power has rights of its own.

# Pseudo-encodings that would let the two agree on messages that are not known here.
XVP_ENCODING, QEMU_AUDIO, EXTENDED_MOUSE_BUTTONS = -309, -259, -316
UNKNOWN_HERE = frozenset({XVP_ENCODING, QEMU_AUDIO, EXTENDED_MOUSE_BUTTONS})
LONGEST_CUT_TEXT = 1 << 20
SHARED = b"\x01"


class Garbage(Exception):
    """This is no message of RFB, or one that is larger than any that makes sense."""


class ViewerMessages:
    """Takes what the viewer sends from ClientInit on, in pieces of any size; gives what to pass on.

    Others who look at the same screen are never shown out: ClientInit always says "shared" (section 7.3.1).
    """

    def __init__(self, *, watch_only: bool) -> None:
        self._passed = LOOKING if watch_only else LOOKING | INPUT
        self._begun = False
        self._buffer = bytearray()
        self.input_count = 0
        """Messages of input that were passed on."""

    def feed(self, data: bytes) -> bytes:
        """Whole messages to pass on; Garbage when something came that is none."""
        self._buffer += data
        passed = bytearray()
        while (length := self._length()) and len(self._buffer) >= length:
            message = bytes(self._buffer[:length])
            del self._buffer[:length]
            passed += self._judged(message)
        return bytes(passed)

    def _judged(self, message: bytes) -> bytes:
        if not self._begun:
            self._begun = True
            return SHARED
        if message[0] not in self._passed:
            return b""
        self.input_count += message[0] in INPUT
        return _known_encodings(message) if message[0] == SET_ENCODINGS else message

    def _length(self) -> int:
        """Of the message that the buffer begins with; 0 while that cannot be known."""
        if not self._buffer:
            return 0
        if not self._begun:
            return 1
        kind = self._buffer[0]
        if kind in _FIXED:
            return _FIXED[kind]
        if kind not in _MEASURES:
            raise Garbage(f"There is no message {kind}.")
        head, measure = _MEASURES[kind]
        return measure(self._buffer) if len(self._buffer) >= head else 0


def _known_encodings(message: bytes) -> bytes:
    count = int.from_bytes(message[2:4], "big")
    known = [each for each in struct.unpack(f">{count}i", message[4:]) if each not in UNKNOWN_HERE]
    return struct.pack(f">BxH{len(known)}i", SET_ENCODINGS, len(known), *known)


def _cut_text(message: bytearray) -> int:
    # Negative in the extended clipboard (rfbproto, section Extended Clipboard).
    length = abs(struct.unpack_from(">i", message, 4)[0])
    if length > LONGEST_CUT_TEXT:
        raise Garbage("A text for the clipboard is too long.")
    return 8 + int(length)


def _of_qemu(message: bytearray) -> int:
    if message[1] != 0:
        raise Garbage(f"There is no message {message[0]}, {message[1]}.")
    return 12


_FIXED = {SET_PIXEL_FORMAT: 20, UPDATE_REQUEST: 10, KEY: 8, POINTER: 6, CONTINUOUS_UPDATES: 10, XVP: 4}
# Of the others, how many bytes one has to have to know the length, and how it is told.
_MEASURES: dict[int, tuple[int, Callable[[bytearray], int]]] = {
    SET_ENCODINGS: (4, lambda message: 4 + 4 * int.from_bytes(message[2:4], "big")),
    CUT_TEXT: (8, _cut_text),
    FENCE: (9, lambda message: 9 + message[8]),
    SET_DESKTOP_SIZE: (8, lambda message: 8 + 16 * message[6]),
    QEMU: (2, _of_qemu),
}
