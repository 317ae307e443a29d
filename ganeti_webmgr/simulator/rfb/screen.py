"""What a machine shows: its name, a clock, and what was typed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .font import HEIGHT, WIDTH, dots

SCREEN_WIDTH, SCREEN_HEIGHT = 640, 400
BACKGROUND, TEXT, QUIET, BRIGHT = range(4)
PALETTE = ((16, 20, 28), (214, 222, 235), (110, 124, 146), (120, 200, 150))
"""Red, green and blue of the four colours."""

LINES, COLUMNS = 9, 50


@dataclass(frozen=True)
class Band:
    """A strip across the whole screen that changes as one."""

    top: int
    height: int


NAME, CLOCK, TYPED = Band(0, 120), Band(120, 64), Band(184, SCREEN_HEIGHT - 184)
BANDS = (NAME, CLOCK, TYPED)


@dataclass
class Screen:
    """The picture of one machine as colour numbers, with a version for each band."""

    title: str
    subtitle: str
    versions: dict[Band, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 1))
    typed: list[str] = field(default_factory=lambda: [""])

    def __post_init__(self) -> None:
        self.pixels = bytearray(SCREEN_WIDTH * SCREEN_HEIGHT)
        self._time = ""
        scale = 4 if len(self.title) * WIDTH * 4 < SCREEN_WIDTH - 48 else 2
        self._write(24, 24, self.title, colour=TEXT, scale=scale)
        self._write(24, 80, self.subtitle, colour=QUIET, scale=2)
        self._draw_typed()

    def tick(self) -> None:
        """Brings the clock up to date."""
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        if now != self._time:
            self._time = now
            self._clear(CLOCK)
            self._write(24, CLOCK.top + 16, now, colour=BRIGHT, scale=3)

    def key(self, keysym: int) -> None:
        """Shows a key that was pressed."""
        if 0x20 <= keysym <= 0x7E:
            self.typed[-1] += chr(keysym)
        elif keysym in (0xFF0D, 0xFF8D):
            self.typed.append("")
        elif keysym == 0xFF08:
            self.typed[-1] = self.typed[-1][:-1]
        else:
            return
        if len(self.typed[-1]) > COLUMNS:
            self.typed.append(self.typed[-1][COLUMNS:])
            self.typed[-2] = self.typed[-2][:COLUMNS]
        del self.typed[:-LINES]
        self._draw_typed()

    def _draw_typed(self) -> None:
        self._clear(TYPED)
        for number, line in enumerate(self.typed):
            last = number == len(self.typed) - 1
            self._write(24, TYPED.top + 12 + number * 22, f"> {line}{'_' * last}", colour=TEXT, scale=2)

    def _clear(self, band: Band) -> None:
        start, length = band.top * SCREEN_WIDTH, band.height * SCREEN_WIDTH
        self.pixels[start : start + length] = bytes(length)
        self.versions[band] += 1

    def _write(self, left: int, top: int, text: str, *, colour: int, scale: int) -> None:
        for position, character in enumerate(text):
            x = left + position * WIDTH * scale
            if x + WIDTH * scale > SCREEN_WIDTH:
                return
            for column, bits in enumerate(dots(character)):
                for row in range(HEIGHT):
                    if bits >> row & 1:
                        self._dot(x + column * scale, top + row * scale, colour=colour, size=scale)

    def _dot(self, x: int, y: int, *, colour: int, size: int) -> None:
        for line in range(y, y + size):
            start = line * SCREEN_WIDTH + x
            self.pixels[start : start + size] = bytes([colour]) * size
