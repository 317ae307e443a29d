"""The thread that reads the outbox, while the database and Redis come and go."""

from __future__ import annotations

import queue
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.db import connection

from ganeti_webmgr.live import bell, poller, publish
from ganeti_webmgr.live.poller import Poller
from ganeti_webmgr.run.redis import private_redis
from tests.live.scene import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

Heard = queue.SimpleQueue[str]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What a running poller hands on."""
    heard: Heard = queue.SimpleQueue()

    def deliver(topics: list[str], position: int) -> None:
        for topic in topics:
            heard.put(topic)

    thread = Poller(deliver=deliver, ended=lambda: None)
    thread.start()
    yield heard
    thread.stop()
    thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def redis_place(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the settings look for Redis; there is none as yet."""
    monkeypatch.setattr(bell, "REST_S", 0.0)
    monkeypatch.setattr(bell, "_ringing", bell._Outage())
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory) / "redis.sock"
        settings.REDIS_URL = f"unix://{place}"
        bell._client.cache_clear()
        yield place
    bell._client.cache_clear()


@contextmanager
def redis_at(place: Path) -> Iterator[None]:
    with subprocess.Popen(private_redis(place).argv, stdout=subprocess.DEVNULL) as server:
        try:
            assert eventually(place.exists)
            yield
        finally:
            server.terminate()


def test_a_committed_notice_is_handed_on(heard: Heard) -> None:
    publish("vm:7")
    assert heard.get(timeout=PATIENCE_S) == "vm:7"


def test_redis_wakes_it_long_before_it_would_look(
    redis_place: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(poller, "INTERVAL_S", dict.fromkeys(poller.INTERVAL_S, 3.0))
    with redis_at(redis_place):
        heard: Heard = request.getfixturevalue("heard")
        assert eventually(lambda: bell._client().pubsub_numsub(bell.CHANNEL)[0][1] == 1)
        publish("vm:7")
        assert heard.get(timeout=1) == "vm:7"


def said(caplog: pytest.LogCaptureFixture, when: Literal["setup", "call"]) -> str:
    """What was logged in that part of the test."""
    return "\n".join(record.getMessage() for record in caplog.get_records(when))


def test_without_redis_it_looks_by_itself_and_says_so_once(
    redis_place: Path, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    # The poller may find out before the test begins.
    assert eventually(lambda: "do without Redis" in said(caplog, "setup") + said(caplog, "call"))
    with redis_at(redis_place):
        assert eventually(lambda: "have Redis again" in caplog.text)
        caplog.clear()
    for vm in (7, 8, 9):
        publish(f"vm:{vm}")
        assert heard.get(timeout=PATIENCE_S) == f"vm:{vm}"
    # Once for the one who publishes, once for the one who listens.
    assert caplog.text.count("do without Redis") == 2


def test_after_a_fault_of_the_database_nothing_is_lost(
    heard: Heard, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "REST_S", 0.1)
    publish("vm:7")
    assert heard.get(timeout=PATIENCE_S) == "vm:7"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE live_notice RENAME TO live_gone")
        try:
            assert eventually(lambda: "wait for the database" in caplog.text)
        finally:
            cursor.execute("ALTER TABLE live_gone RENAME TO live_notice")
    publish("vm:8")
    assert heard.get(timeout=PATIENCE_S) == "vm:8"
    assert caplog.text.count("wait for the database") == 1


def test_a_lost_connection_is_made_anew(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections that can be lost")
    publish("vm:7")
    assert heard.get(timeout=PATIENCE_S) == "vm:7"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    publish("vm:8")
    assert heard.get(timeout=PATIENCE_S) == "vm:8"
    assert "have the database again" in caplog.text


def test_what_another_transaction_commits_late_is_handed_on(heard: Heard) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as cursor:
        cursor.execute("INSERT INTO live_notice (topic, created_at) VALUES ('vm:1', now())")
    publish("vm:2")
    assert heard.get(timeout=PATIENCE_S) == "vm:2"
    slow.commit()
    slow.close()
    assert heard.get(timeout=PATIENCE_S) == "vm:1"
