"""What of a viewer's messages is passed on."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganeti_webmgr.consoles.rfb.messages import Garbage, ViewerMessages

HELLO = b"\x00"
FORMAT = bytes([0]) + bytes(19)
ENCODINGS = struct.pack(">BxH3i", 2, 3, 0, 16, -223)
REQUEST = struct.pack(">BBHHHH", 3, 1, 0, 0, 640, 400)
KEY = struct.pack(">BBxxI", 4, 1, 65)
POINTER = struct.pack(">BBHH", 5, 1, 10, 10)
CUT = struct.pack(">BxxxI", 6, 5) + b"hello"
EXTENDED_CUT = struct.pack(">Bxxxi", 6, -4) + b"caps"
CONTINUOUS = bytes([150]) + bytes(9)
FENCE = bytes([248]) + bytes(7) + bytes([3]) + b"abc"
DESKTOP = struct.pack(">BxHHBx", 251, 800, 600, 1) + bytes(16)
QEMU_KEY = struct.pack(">BBHII", 255, 0, 1, 65, 30)
POWER_OFF = bytes([250, 0, 1, 2])
LOOKING = FORMAT + ENCODINGS + REQUEST + CONTINUOUS + FENCE
INPUT = KEY + POINTER + CUT + EXTENDED_CUT + DESKTOP + QEMU_KEY


def test_in_control_all_but_power_passes() -> None:
    messages = ViewerMessages(watch_only=False)
    assert messages.feed(HELLO + LOOKING + INPUT + POWER_OFF) == b"\x01" + LOOKING + INPUT
    assert messages.input_count == 6


def test_who_watches_passes_nothing_but_looking() -> None:
    messages = ViewerMessages(watch_only=True)
    assert messages.feed(HELLO + INPUT + LOOKING + INPUT + POWER_OFF + REQUEST) == b"\x01" + LOOKING + REQUEST
    assert messages.input_count == 0


@given(st.lists(st.integers(1, 40), min_size=1), st.booleans())
def test_it_makes_no_difference_how_the_bytes_come(sizes: list[int], watch_only: bool) -> None:
    stream = HELLO + INPUT + LOOKING + INPUT
    whole = ViewerMessages(watch_only=watch_only).feed(stream)
    messages, passed, rest, turn = ViewerMessages(watch_only=watch_only), b"", stream, 0
    while rest:
        size = sizes[turn % len(sizes)]
        passed, rest, turn = passed + messages.feed(rest[:size]), rest[size:], turn + 1
    assert passed == whole


@given(st.binary(max_size=400))
def test_whatever_comes_while_watching_no_input_passes(data: bytes) -> None:
    messages = ViewerMessages(watch_only=True)
    with contextlib.suppress(Garbage):
        messages.feed(HELLO + data)
    assert messages.input_count == 0


@pytest.mark.parametrize(
    "garbage", [b"\x07", b"GET / HTTP/1.1", bytes([255, 1, 0, 0]), struct.pack(">BxxxI", 6, 1 << 21)]
)
def test_what_is_no_message_ends_it(garbage: bytes) -> None:
    with pytest.raises(Garbage):
        ViewerMessages(watch_only=False).feed(HELLO + garbage)


def test_two_ends_cannot_agree_on_messages_that_are_not_known_here() -> None:
    asked = struct.pack(">BxH4i", 2, 4, 0, -309, -259, -316)
    assert ViewerMessages(watch_only=False).feed(HELLO + asked) == b"\x01" + struct.pack(">BxHi", 2, 1, 0)
