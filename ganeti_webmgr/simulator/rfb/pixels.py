"""Pixel formats: from colour numbers to what the viewer asked for."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .screen import PALETTE, SCREEN_WIDTH

_LAYOUT = ">BBBBHHHBBBxxx"


@dataclass(frozen=True)
class PixelFormat:
    """The 16 bytes of RFC 6143, section 7.4; colour maps are not offered."""

    bits: int = 32
    depth: int = 24
    big_endian: int = 0
    true_colour: int = 1
    red_max: int = 255
    green_max: int = 255
    blue_max: int = 255
    red_shift: int = 16
    green_shift: int = 8
    blue_shift: int = 0

    @classmethod
    def unpack(cls, data: bytes) -> PixelFormat:
        return cls(*struct.unpack(_LAYOUT, data))

    def pack(self) -> bytes:
        return struct.pack(
            _LAYOUT,
            self.bits,
            self.depth,
            self.big_endian,
            self.true_colour,
            self.red_max,
            self.green_max,
            self.blue_max,
            self.red_shift,
            self.green_shift,
            self.blue_shift,
        )

    @property
    def usable(self) -> bool:
        """Whether every colour fits into a pixel."""
        channels = (
            (self.red_max, self.red_shift),
            (self.green_max, self.green_shift),
            (self.blue_max, self.blue_shift),
        )
        return (
            self.bits in (8, 16, 32)
            and bool(self.true_colour)
            and all(most << shift < 1 << self.bits for most, shift in channels)
        )

    def colours(self) -> list[bytes]:
        """Each colour of the palette as the bytes of one pixel."""
        order = "big" if self.big_endian else "little"
        return [self._value(*rgb).to_bytes(self.bits // 8, order) for rgb in PALETTE]  # type: ignore[arg-type]

    def _value(self, red: int, green: int, blue: int) -> int:
        return (
            (red * self.red_max // 255) << self.red_shift
            | (green * self.green_max // 255) << self.green_shift
            | (blue * self.blue_max // 255) << self.blue_shift
        )


def raw_rectangle(pixels: bytearray, form: PixelFormat, *, x: int, y: int, width: int, height: int) -> bytes:
    """A rectangle in raw encoding, with its header."""
    colours = form.colours()
    body = b"".join(
        colours[number]
        for line in range(y, y + height)
        for number in pixels[line * SCREEN_WIDTH + x : line * SCREEN_WIDTH + x + width]
    )
    return struct.pack(">HHHHi", x, y, width, height, 0) + body
