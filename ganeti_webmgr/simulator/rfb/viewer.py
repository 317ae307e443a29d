"""One viewer's connection: the handshake and the messages, without any input or output."""

from __future__ import annotations

import struct
from collections.abc import Callable

from .pixels import PixelFormat, raw_rectangle
from .screen import BANDS, SCREEN_HEIGHT, SCREEN_WIDTH, Band, Screen

_VERSIONS = {b"RFB 003.003\n": 3, b"RFB 003.007\n": 7, b"RFB 003.008\n": 8}
SECURITY_NONE = 1


class Broken(Exception):
    """The viewer does not speak RFB; the connection is to be closed."""


class Viewer:
    """Takes bytes in with `feed`, gives bytes out in `out`."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.out = bytearray(b"RFB 003.008\n")
        self.asked: tuple[int, int, int, int] | None = None
        self._input = bytearray()
        self._form = PixelFormat()
        self._shown: dict[Band, int] = {}
        self._minor = 8
        self._expect: Callable[[], bool] = self._version

    def feed(self, data: bytes) -> None:
        """Raises Broken."""
        self._input += data
        while self._expect():
            pass
        self.update()

    def update(self) -> None:
        """Answers an open request if something in it has changed and the last answer is on its way."""
        if self.asked is None or self.out:
            return
        x, y, width, height = self.asked
        changed = [band for band in BANDS if self._shown.get(band) != self.screen.versions[band]]
        rectangles = []
        for band in changed:
            top, bottom = max(y, band.top), min(y + height, band.top + band.height)
            if bottom > top:
                rectangles.append((band, top, bottom - top))
        if not rectangles:
            return
        self.out += struct.pack(">BxH", 0, len(rectangles))
        for band, top, lines in rectangles:
            self.out += raw_rectangle(self.screen.pixels, self._form, x=x, y=top, width=width, height=lines)
            self._shown[band] = self.screen.versions[band]
        self.asked = None

    def _take(self, count: int) -> bytes | None:
        if len(self._input) < count:
            return None
        taken = bytes(self._input[:count])
        del self._input[:count]
        return taken

    def _version(self) -> bool:
        line = self._take(12)
        if line is None:
            return False
        if line not in _VERSIONS:
            raise Broken
        self._minor = _VERSIONS[line]
        if self._minor == 3:
            self.out += struct.pack(">I", SECURITY_NONE)
            self._expect = self._client_init
        else:
            self.out += bytes([1, SECURITY_NONE])
            self._expect = self._security
        return True

    def _security(self) -> bool:
        choice = self._take(1)
        if choice is None:
            return False
        if choice[0] != SECURITY_NONE:
            raise Broken
        if self._minor == 8:
            self.out += struct.pack(">I", 0)
        self._expect = self._client_init
        return True

    def _client_init(self) -> bool:
        if self._take(1) is None:
            return False
        name = f"QEMU ({self.screen.title})".encode()
        self.out += struct.pack(">HH", SCREEN_WIDTH, SCREEN_HEIGHT) + self._form.pack()
        self.out += struct.pack(">I", len(name)) + name
        self._expect = self._message
        return True

    def _message(self) -> bool:
        if not self._input:
            return False
        kind = self._input[0]
        length = self._length(kind)
        data = None if length is None else self._take(length)
        if data is None:
            return False
        match kind:
            case 0:
                self._set_format(data)
            case 3:
                self._request(data)
            case 4 if data[1]:
                self.screen.key(int.from_bytes(data[4:8], "big"))
        return True

    def _length(self, kind: int) -> int | None:
        """Of the whole message, or None while that cannot be known yet."""
        fixed = {0: 20, 3: 10, 4: 8, 5: 6}
        if kind in fixed:
            return fixed[kind]
        if kind == 2 and len(self._input) >= 4:
            return 4 + 4 * int.from_bytes(self._input[2:4], "big")
        if kind == 6 and len(self._input) >= 8:
            return 8 + int.from_bytes(self._input[4:8], "big")
        if kind not in (2, 6):
            raise Broken
        return None

    def _set_format(self, data: bytes) -> None:
        form = PixelFormat.unpack(data[4:])
        if not form.usable:
            raise Broken
        self._form = form
        self._shown.clear()

    def _request(self, data: bytes) -> None:
        incremental, x, y, width, height = struct.unpack(">BHHHH", data[1:])
        width, height = min(width, SCREEN_WIDTH - x), min(height, SCREEN_HEIGHT - y)
        if width <= 0 or height <= 0:
            return
        if not incremental:
            self._shown.clear()
        self.screen.tick()
        self.asked = (x, y, width, height)
