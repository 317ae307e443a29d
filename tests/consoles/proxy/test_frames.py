"""Slow, huge and garbage: what a browser or a machine may send that is not meant well."""

from __future__ import annotations

import contextlib
import resource
import socket
import struct
import threading

import pytest

from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.proxy import polling, server
from tests.consoles.conftest import Person, Proxy
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

GARBLED = 4014


def test_garbage_instead_of_rfb_ends_it(person: Person) -> None:
    viewer = person.views()
    viewer.socket.send(b"GET / HTTP/1.1\r\n\r\n")
    assert viewer.hears_goodbye().code == GARBLED


def test_garbage_after_the_greeting_ends_it(person: Person) -> None:
    viewer = person.opens()
    viewer.socket.send(b"\x07garbage")
    assert viewer.hears_goodbye().code == GARBLED


def test_a_frame_that_says_it_is_huge_is_not_waited_for(person: Person, settings: object) -> None:
    settings.CONSOLE_LONGEST_MESSAGE = 1 << 16  # type: ignore[attr-defined]
    viewer = person.opens()
    raw = viewer.socket.socket
    raw.sendall(struct.pack(">BBQ", 0x82, 0xFF, 1 << 40) + bytes(4))  # masked, one tebibyte
    with contextlib.suppress(OSError):  # it closes before it has read all of this
        for _ in range(40):
            raw.sendall(bytes(4096))
    assert viewer.hears_goodbye().code in {GARBLED, 1006}


@pytest.mark.parametrize("frame", [b"\x82\x01a", b"\x83\x80\x00\x00\x00\x00", b"\x81\x81\x00\x00\x00\x00a"])
def test_frames_that_break_the_protocol_end_it(person: Person, proxy: Proxy, frame: bytes) -> None:
    viewer = person.opens()
    viewer.socket.socket.sendall(frame)
    assert viewer.hears_goodbye().code in {1002, 1003}
    until(proxy.is_empty)


def test_who_says_nothing_is_shown_out(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "AT_THE_DOOR_S", 0)
    with socket.create_connection(("127.0.0.1", proxy.port)) as silent:
        silent.sendall(b"GET /console/ws HTTP/1.1\r\n")
        silent.settimeout(8)
        until(proxy.server.at_the_door)
        proxy.look()
        assert silent.recv(1) == b""


def test_a_browser_that_reads_nothing_costs_no_memory_and_can_be_ended(person: Person, proxy: Proxy) -> None:
    viewer = person.opens()
    for _ in range(300):  # 300 pictures of a megabyte, none of which is read
        viewer.socket.send(struct.pack(">BBHHHH", 3, 0, 0, 0, *viewer.size))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (visit,) = proxy.server.visits()
    until(lambda: visit.line and visit.line.bytes_out > 1_000_000)
    visit.end(endings.ENDED)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    visit.ended_at -= 10
    proxy.look()
    until(proxy.is_empty)


def test_while_one_side_takes_nothing_the_other_is_not_read() -> None:
    ours, browser = socket.socketpair()
    to_machine, machine = socket.socketpair()
    with ours, browser, to_machine, machine:
        machine.sendall(b"more")
        assert polling.select([ours, to_machine], [], [], 0)[0] == [to_machine]
        ours.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                ours.send(bytes(65536))  # until the browser's side is full
        assert polling.select([ours, to_machine], [ours], [], 0) == ([], [], [])
        browser.sendall(b"typed")
        assert polling.select([ours, to_machine], [ours], [], 0)[0] == [ours]


def test_more_descriptors_than_select_knows(person: Person) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3000:
        pytest.skip("this machine allows fewer descriptors than select knows")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3000, hard))
    held = [socket.socket() for _ in range(1100)]
    try:
        person.opens().sees_update()
    finally:
        for each in held:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_many_at_once_each_see_their_own_machine(person: Person, proxy: Proxy) -> None:
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(person.views(person.ticket()).greets().name))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 5
    assert all(person.vm.name in name for name in seen)
