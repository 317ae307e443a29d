"""GET /events/?topics=vm:7,cluster:3 as raw ASGI: one `text/event-stream` for each open page.

An event carries the names of what changed, parted by spaces, or "*" where that is no longer known. Its id is
the position in the outbox, with which a browser that lost the connection comes back. `age` says for how many
seconds the page has been on its way: what changed meanwhile is told at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs

from django.conf import settings
from django.db import Error
from django.http import parse_cookie
from django.utils import timezone

from ganeti_webmgr.live.guard import Guard, Topics
from ganeti_webmgr.live.outbox import published
from ganeti_webmgr.live.topics import parse

if TYPE_CHECKING:
    from ganeti_webmgr.live.stream import Stream

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

MOST_TOPICS = 400
MOST_STREAMS = 4000
PING_S = 15.0
# What follows a change closely goes into one event.
GATHER_S = 0.5
# Between a browser's asking and our listening.
MARGIN = timedelta(seconds=2)

_HEADERS: list[Header] = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class _NotOpened(Exception):
    """No stream, and the status that says why. 204 tells a browser not to come back: nobody is signed in."""

    def __init__(self, status: int, *headers: Header) -> None:
        self.status = status
        self.headers = headers


class EventStreams:
    """The ASGI application behind /events/."""

    def __init__(self) -> None:
        self._guard = Guard()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            topics, age = _asked(scope)
            stream = await self._open(headers, topics)
        except _NotOpened as refusal:
            await send({"type": "http.response.start", "status": refusal.status, "headers": refusal.headers})
            await send({"type": "http.response.body", "body": b""})
            return
        try:
            await self._catch_up(stream, age=age, after=_position(headers.get(b"last-event-id", b"")))
            await self._tell(stream, receive, send)
        finally:
            self._guard.release(stream)

    def end_all(self) -> None:
        """End every stream; the browsers come back."""
        self._guard.hub.end_all()

    def close(self) -> None:
        self._guard.close()

    async def _open(self, headers: dict[bytes, bytes], topics: Topics) -> Stream:
        cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
        session_key = cookies.get(settings.SESSION_COOKIE_NAME)
        if not session_key:
            raise _NotOpened(204)
        if len(self._guard.hub) >= MOST_STREAMS:
            raise _NotOpened(503, (b"retry-after", b"60"))
        try:
            stream = await self._guard.admit(session_key, topics)
        except Error as error:
            raise _NotOpened(503, (b"retry-after", b"10")) from error
        if stream is None:
            raise _NotOpened(204)
        return stream

    async def _catch_up(self, stream: Stream, *, age: timedelta, after: int | None) -> None:
        """Make due what was published after a position, or else since the page was asked for."""
        since = timezone.now() - MARGIN - (age if after is None else timedelta(0))
        try:
            missed = await self._guard.threads.run(partial(published, stream.asked, since=since, after=after))
        except Error:
            missed = None
        if missed is None:
            stream.lose_track()
        for name in missed or ():
            stream.hear(name)

    async def _tell(self, stream: Stream, receive: Receive, send: Send) -> None:
        watching = asyncio.create_task(_end_when_gone(stream, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            # Browsers that lose a web process come back spread over some seconds.
            await _write(send, f"retry: {random.randint(2000, 5000)}")  # noqa: S311
            while not stream.ended:
                names = await stream.news(patience_s=PING_S)
                if not stream.ended:
                    what = f"data: {' '.join(names)}" if names else ": ping"
                    await _write(send, f"id: {self._guard.hub.position}", what)
                    await asyncio.sleep(GATHER_S)
            if stream.return_after_s is not None:
                await _write(send, f"retry: {stream.return_after_s * 1000:.0f}")
            await send({"type": "http.response.body", "body": b""})
        finally:
            watching.cancel()


def _asked(scope: Scope) -> tuple[Topics, timedelta]:
    if scope["method"] != "GET":
        raise _NotOpened(405, (b"allow", b"GET"))
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=4)
        names = ",".join(query.get("topics", [])).split(",")
        topics = Topics(map(parse, names))
        age = timedelta(seconds=min(float(query.get("age", ["0"])[0]), 3600))
    except ValueError as error:
        raise _NotOpened(400) from error
    if len(names) > MOST_TOPICS or age < timedelta(0):
        raise _NotOpened(400)
    return topics, age


def _position(last_event_id: bytes) -> int | None:
    return int(last_event_id) if last_event_id.isdigit() and len(last_event_id) <= 18 else None


async def _end_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _write(send: Send, *lines: str) -> None:
    body = "".join(f"{line}\n" for line in lines) + "\n"
    await send({"type": "http.response.body", "body": body.encode(), "more_body": True})
