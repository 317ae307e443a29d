from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganeti_webmgr.live.topics import Topic

EVERYTHING = ["*"]


def any_of(name: str) -> str:
    """The name under which everything of the same kind is asked for: "vm:*" for "vm:7"."""
    return f"{name.partition(':')[0]}:*"


class Stream:
    """What one open page asked for, may hear of, and has not been told yet.

    What is due is a set of names that were asked for. So a slow client costs no memory, and what it misses
    is repetition.
    """

    def __init__(self, session_key: str, asked: frozenset[Topic]) -> None:
        self.session_key = session_key
        self.asked = asked
        self.visible: frozenset[str] = frozenset()
        self.ended = False
        self.return_after_s: float | None = None
        self._due: dict[str, None] = {}
        self._lost = False
        self._news = asyncio.Event()

    def hear(self, name: str) -> None:
        """Something changed: it is due if it was asked for and may be seen."""
        for asked in (name, any_of(name)):
            if asked in self.visible:
                self._due[asked] = None
                self._news.set()

    def lose_track(self) -> None:
        """What was missed cannot be known, so everything is due."""
        self._lost = True
        self._news.set()

    def end(self, *, return_after_s: float | None = None) -> None:
        """Close after what is being sent; the browser comes back as usual, or after some seconds."""
        self.return_after_s = return_after_s
        self.ended = True
        self._news.set()

    async def news(self, *, patience_s: float) -> list[str]:
        """The names that are due, once there are any; none when the patience or the stream ends."""
        try:
            async with asyncio.timeout(patience_s):
                await self._news.wait()
        except TimeoutError:
            return []
        self._news.clear()
        due = EVERYTHING if self._lost else list(self._due)
        self._lost = False
        self._due.clear()
        return [] if self.ended else due
