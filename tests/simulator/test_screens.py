"""Screens of machines: what a viewer gets to see, and how long."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.simulator.rfb.pixels import PixelFormat
from ganeti_webmgr.simulator.rfb.screen import (
    CLOCK,
    NAME,
    PALETTE,
    SCREEN_HEIGHT,
    SCREEN_WIDTH,
    TYPED,
    Band,
    Screen,
)
from tests.estate import HASTE
from tests.simulator.asking import client_of, ended
from tests.simulator.viewer import Rectangle, Viewer
from tests.waiting import until

BACKSPACE, RETURN, SHIFT = 0xFF08, 0xFF0D, 0xFFE1
WHOLE = [Rectangle(0, band.top, SCREEN_WIDTH, band.height) for band in (NAME, CLOCK, TYPED)]


@pytest.fixture
def ganeti() -> Iterator[SimulatedCluster]:
    with Simulator([Shape(nodes=2, machines=3, rfb=True)], speed=HASTE) as simulator:
        yield simulator.clusters[0]


@pytest.fixture
def viewer(ganeti: SimulatedCluster) -> Iterator[Viewer]:
    """Somebody who looks at web1."""
    with Viewer(where(ganeti, "web1")) as viewer:
        viewer.shake_hands()
        yield viewer


def where(ganeti: SimulatedCluster, name: str) -> tuple[str, int]:
    """Where the screen is, found as whoever knows only the remote API must find it."""
    with client_of(ganeti) as client:
        machine = client.instances.get(name)
        assert machine.hvparams["vnc_bind_address"] == "0.0.0.0"  # noqa: S104 - what Ganeti was told
        assert machine.network_port is not None
        return client.nodes.get(machine.pnode).pip, machine.network_port


def picture(screen: Screen, band: Band) -> list[bytes]:
    """The lines of that part as a viewer has them who asked for nothing special."""
    colours = [bytes([blue, green, red, 0]) for red, green, blue in PALETTE]
    return [
        b"".join(colours[number] for number in screen.pixels[y * SCREEN_WIDTH : (y + 1) * SCREEN_WIDTH])
        for y in range(band.top, band.top + band.height)
    ]


def shown(viewer: Viewer, band: Band) -> list[bytes]:
    return viewer.lines[band.top : band.top + band.height]


@pytest.mark.parametrize("version", [b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n"])
def test_each_version_of_the_handshake_leads_to_the_screen(version: bytes, ganeti: SimulatedCluster) -> None:
    with Viewer(where(ganeti, "web1")) as viewer:
        width, height, form, name = viewer.shake_hands(version)
        assert (width, height, name) == (SCREEN_WIDTH, SCREEN_HEIGHT, f"QEMU (web1.{ganeti.name})")
        assert struct.unpack(">BBBBHHHBBBxxx", form) == (32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
        viewer.ask(incremental=False)
        assert viewer.update() == WHOLE


def test_each_machine_shows_its_own_name(ganeti: SimulatedCluster, viewer: Viewer) -> None:
    with Viewer(where(ganeti, "db1")) as other:
        other.shake_hands()
        for name, looker in (("web1", viewer), ("db1", other)):
            looker.ask(incremental=False)
            looker.update()
            machine = ganeti.instances[name]
            expected = Screen(machine.name, f"{machine.os}  port {machine.network_port}")
            assert shown(looker, NAME) == picture(expected, NAME)


def test_the_clock_goes_on_and_nothing_else_is_sent(viewer: Viewer) -> None:
    viewer.ask(incremental=False)
    viewer.update()
    for _ in range(2):
        before = shown(viewer, CLOCK)
        viewer.ask(incremental=True)
        assert viewer.update() == [WHOLE[1]]
        assert shown(viewer, CLOCK) != before


def test_what_is_typed_is_seen_by_everybody_who_looks(ganeti: SimulatedCluster, viewer: Viewer) -> None:
    keys = [ord("h"), ord("o"), ord("i"), SHIFT, BACKSPACE, BACKSPACE, ord("i"), RETURN, ord("!")]
    expected = Screen("", "")
    with Viewer(where(ganeti, "web1")) as other:
        other.shake_hands()
        for key in keys:
            viewer.press(key)
            expected.key(key)
        assert expected.typed == ["hi", "!"]
        for looker in (viewer, other):
            looker.ask(incremental=False)
            looker.update()
            assert shown(looker, TYPED) == picture(expected, TYPED)


def test_only_the_part_that_was_asked_for_is_sent(viewer: Viewer) -> None:
    area = Rectangle(10, 100, 20, 30)
    viewer.ask(incremental=False, area=area)
    assert viewer.update() == [Rectangle(10, 100, 20, 20), Rectangle(10, 120, 20, 10)]
    viewer.ask(incremental=False, area=Rectangle(SCREEN_WIDTH - 1, SCREEN_HEIGHT - 1, 50, 50))
    assert viewer.update() == [Rectangle(SCREEN_WIDTH - 1, SCREEN_HEIGHT - 1, 1, 1)]


def test_pixels_come_in_the_form_that_was_asked_for(viewer: Viewer) -> None:
    form = PixelFormat(bits=32, big_endian=1, red_shift=0, green_shift=8, blue_shift=16)
    viewer.send(b"\0\0\0\0" + form.pack())
    viewer.ask(incremental=False, area=Rectangle(0, 0, 1, 1))
    viewer.update()
    red, green, blue = PALETTE[0]
    assert viewer.lines[0][:4] == bytes([0, blue, green, red])


@pytest.mark.parametrize(
    "said",
    [
        b"\0\0\0\0" + PixelFormat(bits=24).pack(),
        b"\0\0\0\0" + PixelFormat(bits=8).pack(),
        b"\0\0\0\0" + PixelFormat(true_colour=0).pack(),
        b"\xfe",
    ],
    ids=["no such size", "colours larger than pixels", "colour maps", "no such message"],
)
def test_who_makes_no_sense_is_shown_out_and_the_others_look_on(
    said: bytes, ganeti: SimulatedCluster, viewer: Viewer
) -> None:
    with Viewer(where(ganeti, "web1")) as odd:
        odd.shake_hands()
        odd.send(said)
        odd.ask(incremental=False)
        with pytest.raises((EOFError, ConnectionResetError)):
            odd.update()
    viewer.ask(incremental=False)
    assert viewer.update() == WHOLE


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n", b"RFB 003.008\n\x02"], ids=["no RFB", "a password"])
def test_who_does_not_speak_rfb_or_wants_to_sign_in_is_shown_out(
    said: bytes, ganeti: SimulatedCluster
) -> None:
    with Viewer(where(ganeti, "web1")) as odd:
        odd.send(said)
        with pytest.raises((EOFError, ConnectionResetError)):
            odd.read(10_000)


def test_messages_may_come_in_pieces_and_unknown_encodings_do_not_matter(viewer: Viewer) -> None:
    encodings = struct.pack(">BxHiii", 2, 3, 16, 7, -223)
    pasted = struct.pack(">BxxxI", 6, 5) + b"paste"
    moved = struct.pack(">BBHH", 5, 0, 1, 2)
    asked = struct.pack(">BBHHHH", 3, 0, 0, 0, 1, 1)
    for byte in encodings + pasted + moved + asked:
        viewer.send(bytes([byte]))
    assert viewer.update() == [Rectangle(0, 0, 1, 1)]


def test_the_screen_of_a_machine_goes_dark_when_it_stops_and_comes_back_when_it_starts(
    ganeti: SimulatedCluster, viewer: Viewer
) -> None:
    address = where(ganeti, "web1")
    with client_of(ganeti) as client:
        ended(ganeti, client, client.instances.shutdown("web1"))
        with pytest.raises((EOFError, ConnectionResetError)):
            viewer.read(1)
        with pytest.raises(ConnectionRefusedError):
            Viewer(address)
        ended(ganeti, client, client.instances.start("web1"))
        assert where(ganeti, "web1") == address
    until(lambda: answers(address))


def answers(address: tuple[str, int]) -> bool:
    try:
        with Viewer(address) as viewer:
            return viewer.read(3) == b"RFB"
    except ConnectionRefusedError:
        return False


def test_a_machine_that_moves_takes_its_screen_along(ganeti: SimulatedCluster, viewer: Viewer) -> None:
    before = where(ganeti, "web1")
    with client_of(ganeti) as client:
        assert ended(ganeti, client, client.instances.migrate("web1")).status == "success"
    after = where(ganeti, "web1")
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
    until(lambda: answers(after))
    assert not answers(before)


def test_the_machines_of_a_node_that_fell_silent_are_dark(ganeti: SimulatedCluster, viewer: Viewer) -> None:
    ganeti.nodes[ganeti.instances["web1"].pnode].reachable = False
    with pytest.raises((EOFError, ConnectionResetError)):
        viewer.read(1)


def test_a_cluster_without_screens_has_none_beside_one_that_has_some() -> None:
    with Simulator([Shape(name="a", machines=1, rfb=True), Shape(name="b", machines=1)]) as simulator:
        assert [answers(where(ganeti, "web1")) for ganeti in simulator.clusters] == [True, False]


def test_the_screens_of_two_simulators_do_not_meet(ganeti: SimulatedCluster) -> None:
    with Simulator([Shape(nodes=2, machines=3, rfb=True)]) as simulator:
        assert where(ganeti, "web1") != where(simulator.clusters[0], "web1")
        assert answers(where(simulator.clusters[0], "web1"))
