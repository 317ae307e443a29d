"""The event streams of one process, driven from inside where a browser would be too slow or too kind."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import connections

from ganeti_webmgr.live import guard as guarding
from ganeti_webmgr.live import publish, topics
from ganeti_webmgr.live.guard import Guard
from ganeti_webmgr.live.topics import parse
from tests.live.scene import PATIENCE_S, person, sign_in
from tests.live.site import things_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ganeti_webmgr.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = frozenset({parse("thing:1"), parse("thing:2")})


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_visible", {"thing": things_of})


@pytest.fixture
def alice() -> User:
    return person("alice", 1, 2)


@pytest.fixture
def alice_key(alice: User) -> str:
    return str(sign_in(alice).session_key)


@asynccontextmanager
async def on_guard() -> AsyncIterator[Guard]:
    guard = Guard()
    try:
        yield guard
    finally:
        guard.close()


async def elsewhere(change: Callable[[], object]) -> None:
    """Do something in another thread, over another connection."""

    def work() -> None:
        change()
        connections.close_all()

    await asyncio.to_thread(work)


def test_a_client_that_never_reads_holds_up_nobody_and_costs_no_memory(alice_key: str) -> None:
    async def scenario() -> tuple[set[str], set[str]]:
        async with on_guard() as guard:
            slow = await guard.admit(alice_key, BOTH)
            quick = await guard.admit(alice_key, BOTH)
            assert slow
            assert quick
            heard = set()
            for _ in range(10):
                await elsewhere(lambda: publish(*(f"thing:{pk}" for pk in range(100))))
                heard |= set(await quick.news(patience_s=PATIENCE_S))
            return heard, set(await slow.news(patience_s=PATIENCE_S))

    assert asyncio.run(scenario()) == ({"thing:1", "thing:2"}, {"thing:1", "thing:2"})


def test_the_poller_runs_while_somebody_listens(alice_key: str) -> None:
    async def scenario() -> list[bool]:
        async with on_guard() as guard:
            first = await guard.admit(alice_key, BOTH)
            second = await guard.admit(alice_key, BOTH)
            assert first
            assert second
            running = [guard.hub.listening]
            guard.release(first)
            running.append(guard.hub.listening)
            guard.release(second)
            guard.release(second)
            running.append(guard.hub.listening)
            third = await guard.admit(alice_key, BOTH)
            assert third
            await elsewhere(lambda: publish("thing:1"))
            assert await third.news(patience_s=PATIENCE_S) == ["thing:1"]
            return running

    assert asyncio.run(scenario()) == [True, True, False]


def test_a_right_that_ran_out_unsaid_is_seen_in_the_rounds(
    alice: User, alice_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "ROUND_S", 0.1)

    async def scenario() -> bool:
        async with on_guard() as guard:
            stream = await guard.admit(alice_key, BOTH)
            assert stream
            await elsewhere(Group.objects.all().delete)
            await stream.news(patience_s=PATIENCE_S)
            return stream.ended

    assert asyncio.run(scenario())


def test_a_right_that_was_given_is_heard_without_a_new_stream(
    alice: User, alice_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give() -> None:
        alice.groups.add(Group.objects.create(name="thing 3"))
        publish(f"user:{alice.pk}")

    async def scenario() -> list[str]:
        async with on_guard() as guard:
            stream = await guard.admit(alice_key, BOTH | {parse("thing:3")})
            assert stream
            await elsewhere(give)
            async with asyncio.timeout(PATIENCE_S):
                while "thing:3" not in stream.visible:
                    await asyncio.sleep(0.01)
            await elsewhere(lambda: publish("thing:3"))
            return await stream.news(patience_s=PATIENCE_S)

    assert asyncio.run(scenario()) == ["thing:3"]


def test_if_rights_cannot_be_asked_every_stream_ends(alice: User, alice_key: str) -> None:
    def broken(user: Any, ids: set[int]) -> set[int]:
        raise ZeroDivisionError

    async def scenario() -> bool:
        async with on_guard() as guard:
            stream = await guard.admit(alice_key, BOTH)
            assert stream
            topics.register("thing", broken)
            await elsewhere(lambda: publish(f"user:{alice.pk}"))
            await stream.news(patience_s=PATIENCE_S)
            return stream.ended

    assert asyncio.run(scenario())
