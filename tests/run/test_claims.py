from __future__ import annotations

import socket
import stat
from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.run.claims import CannotStart, StateLock, listen

if TYPE_CHECKING:
    from pathlib import Path


def test_a_port_in_use_is_said_with_a_way_out() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            CannotStart, match=rf"Port {port} on 127.0.0.1 is in use.*make run PORT={port + 1}"
        ):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on port 8000 of 192\.0\.2\.1: .*assign"):
        listen("192.0.2.1", 8000)


def test_small_answers_leave_at_once_on_every_connection() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_state_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    StateLock(tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_second_start_in_one_state_directory_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    lock = StateLock(tmp_path)
    lock.describe("http://127.0.0.1:8000")
    with pytest.raises(CannotStart, match=r"already running from .*http://127\.0\.0\.1:8000"):
        StateLock(tmp_path)


def test_the_state_directory_is_free_again_when_the_first_one_has_ended(tmp_path: Path) -> None:
    lock = StateLock(tmp_path)
    del lock
    StateLock(tmp_path)
