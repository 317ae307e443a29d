from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from django.db import Error

from ganeti_webmgr.live.hub import Hub
from ganeti_webmgr.live.sessions import Visitor, sign_in, unchanged
from ganeti_webmgr.live.stream import Stream
from ganeti_webmgr.live.threads import DatabaseThreads
from ganeti_webmgr.live.topics import Topic, visible_to
from ganeti_webmgr.live.watching import mark_watched

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUND_S = 3.0
PAUSE_S = 0.2
RIGHTS_S = 60.0
LEAST_CHECKS = 20
MOST_CHECKS = 200
MOST_STREAMS = 20

Topics: TypeAlias = frozenset[Topic]
Admission: TypeAlias = tuple[Visitor, Topics]

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Visit:
    """One signed-in session, the streams it has open here, and when its rights were last asked for."""

    visitor: Visitor
    asked_at: float
    streams: list[Stream] = field(default_factory=list)

    @property
    def user_key(self) -> str:
        return str(self.visitor.user_pk)


class Guard:
    """Lets streams in, and ends them with their session or with the last right to what they asked for.

    Rounds of 3 s look at all sessions together, in two queries: one that is gone, or whose data, password or
    standing has changed, must pass Django's full check again.

    Rights are asked for again at once after "user:<pk>" was published. Otherwise each round asks for the
    twenty sessions that have waited longest, or a twentieth of all if that is more: every 3 s on a small
    site, once a minute with 1,000 sessions. A session costs one question for each kind, however many streams
    it has. No round asks for more than 200, so that new rights for everybody do not hold up the end of a
    session.

    Fails closed: if the rounds ever break, every stream is ended and has to ask again.
    """

    def __init__(self) -> None:
        self.hub = Hub(called=self._call)
        self.threads = DatabaseThreads(3)
        self._visits: dict[str, _Visit] = {}
        self._calls: dict[str, float] = {}
        self._called = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._marking: asyncio.Task[None] | None = None
        self._down = False

    async def admit(self, session_key: str, asked: Topics) -> Stream | None:
        """An open stream, to be given back with `release`; None for nobody, or where nothing is visible."""
        asked_at = time.monotonic()
        found = (await self.threads.run(partial(_check, {session_key: asked})))[session_key]
        if found is None or not found[1]:
            return None
        visitor, visible = found
        # The visitor of earlier streams stays: if this one differs, the next round has to see it.
        visit = self._visits.setdefault(session_key, _Visit(visitor, asked_at))
        stream = Stream(session_key, asked)
        visit.streams.append(stream)
        self.hub.join(stream, _names(visible))
        if len(visit.streams) > MOST_STREAMS:
            self._end(visit.streams[0], return_after_s=60)
        if self._watch is None:
            self._watch = asyncio.create_task(self._keep_watch())
        return stream

    def release(self, stream: Stream) -> None:
        self.hub.leave(stream)
        visit = self._visits.get(stream.session_key)
        if visit is None or stream not in visit.streams:
            return
        visit.streams.remove(stream)
        if not visit.streams:
            del self._visits[stream.session_key]

    def close(self) -> None:
        """End everything, with the threads."""
        if self._watch is not None:
            self._watch.cancel()
        self.hub.close()
        self.threads.close()

    def _call(self, user_key: str) -> None:
        self._calls[user_key] = time.monotonic()
        self._called.set()

    def _end(self, stream: Stream, *, return_after_s: float | None = None) -> None:
        stream.end(return_after_s=return_after_s)
        self.release(stream)

    async def _keep_watch(self) -> None:
        try:
            while self._visits:
                self._mark()
                with suppress(TimeoutError):
                    async with asyncio.timeout(ROUND_S):
                        await self._called.wait()
                self._called.clear()
                await self._try_round()
                await asyncio.sleep(PAUSE_S)
        finally:
            self._watch = None
            self.hub.end_all()

    async def _try_round(self) -> None:
        try:
            await self._round()
        except Error as error:
            # The streams stay: without the database nothing is heard, and nobody can be signed out.
            if not self._down:
                _log.warning("Sessions of event streams cannot be checked: %s", error)
            self._down = True
        else:
            self._down = False

    async def _round(self) -> None:
        began = time.monotonic()
        visits = list(self._visits.values())
        same = await self.threads.run(partial(unchanged, [visit.visitor for visit in visits]))
        due = self._due(visits, same=same, now=began)
        streams = {visit: list(visit.streams) for visit in due}
        asked = {
            visit.visitor.session_key: Topics().union(*(stream.asked for stream in streams[visit]))
            for visit in due
        }
        found = await self.threads.run(partial(_check, asked))
        for visit in due:
            self._renew(visit, streams[visit], found[visit.visitor.session_key])
            visit.asked_at = began

    def _due(self, visits: list[_Visit], *, same: set[str], now: float) -> list[_Visit]:
        self._calls = {key: at for key, at in self._calls.items() if now - at < RIGHTS_S}
        changed = [visit for visit in visits if visit.visitor.session_key not in same]
        called = [visit for visit in visits if self._calls.get(visit.user_key, 0) >= visit.asked_at]
        urgent = list(dict.fromkeys(changed + called))
        if len(urgent) > MOST_CHECKS:
            self._called.set()
        rested = [visit for visit in visits if now - visit.asked_at > ROUND_S / 2]
        rested.sort(key=lambda visit: visit.asked_at)
        share = max(LEAST_CHECKS, int(len(visits) * ROUND_S / RIGHTS_S))
        return list(dict.fromkeys(urgent + rested[:share]))[:MOST_CHECKS]

    def _renew(self, visit: _Visit, streams: list[Stream], found: Admission | None) -> None:
        if found is None:
            for stream in list(visit.streams):
                self._end(stream)
            return
        visit.visitor, visible = found
        # Streams that came meanwhile were checked by themselves, and some of these may have left.
        for stream in set(streams).intersection(visit.streams):
            if seen := stream.asked & visible:
                self.hub.show(stream, _names(seen))
            else:
                self._end(stream)

    def _mark(self) -> None:
        # Not awaited: a slow cache must not hold up the rounds.
        if self._marking is None or self._marking.done():
            self._marking = asyncio.create_task(self.threads.run(partial(mark_watched, self.hub.names)))


def _check(asked: Mapping[str, Topics]) -> dict[str, Admission | None]:
    found: dict[str, Admission | None] = {}
    for session_key, topics in asked.items():
        signed_in = sign_in(session_key)
        if signed_in is None:
            found[session_key] = None
        else:
            visitor, user = signed_in
            found[session_key] = (visitor, visible_to(user, topics))
    return found


def _names(topics: Topics) -> frozenset[str]:
    return frozenset(str(topic) for topic in topics)
