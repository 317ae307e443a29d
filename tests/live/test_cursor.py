from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ganeti_webmgr.live.cursor import Cursor
from ganeti_webmgr.live.models import Notice

pytestmark = pytest.mark.django_db


def commit(pk: int, topic: str) -> None:
    """Let a notice appear whose id was taken some time before."""
    Notice.objects.create(pk=pk, topic=topic)


@pytest.fixture
def cursor() -> Cursor:
    Notice.objects.create(pk=1000, topic="vm:1", created_at=timezone.now() - timedelta(minutes=1))
    return Cursor(since=timezone.now())


def test_it_begins_behind_what_is_old_and_reads_each_notice_once(cursor: Cursor) -> None:
    commit(1001, "vm:7")
    commit(1002, "vm:8")
    assert (cursor.read(), cursor.read()) == (["vm:7", "vm:8"], [])


def test_a_notice_that_is_committed_late_is_read_all_the_same(cursor: Cursor) -> None:
    commit(1010, "vm:10")
    assert cursor.read() == ["vm:10"]
    commit(1003, "vm:3")
    assert cursor.read() == ["vm:3"]
    commit(1009, "vm:9")
    commit(1012, "vm:12")
    commit(1001, "vm:1")
    assert cursor.read() == ["vm:1", "vm:9", "vm:12"]
    assert (cursor.read(), cursor.position) == ([], 1012)


def test_whole_transactions_may_be_commit(cursor: Cursor) -> None:
    commit(4000, "vm:10")
    cursor.read()
    Notice.objects.bulk_create([Notice(pk=pk, topic=f"vm:{pk}") for pk in range(1500, 3500)])
    assert len(cursor.read()) == 2000
    assert cursor.read() == []


def test_ids_that_never_come_are_given_up(cursor: Cursor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganeti_webmgr.live.cursor.PATIENCE_S", 0.0)
    commit(1010, "vm:10")
    cursor.read()
    commit(1003, "vm:3")
    assert cursor.read() == []
