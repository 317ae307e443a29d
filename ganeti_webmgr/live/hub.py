from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from ganeti_webmgr.live.poller import Poller
from ganeti_webmgr.live.stream import Stream, any_of

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


class Hub:
    """Hands what one thread reads from the outbox to the open streams of this process.

    Lives in the event loop; the thread runs while there are streams.
    """

    def __init__(self, *, called: Callable[[str], None]) -> None:
        """`called` gets the key of a user whose session and rights are to be looked at again."""
        self.position = 0
        self._called = called
        self._streams: set[Stream] = set()
        self._listeners: defaultdict[str, set[Stream]] = defaultdict(set)
        self._poller: Poller | None = None

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def listening(self) -> bool:
        return self._poller is not None

    @property
    def names(self) -> list[str]:
        """Every name that some stream may hear of."""
        return list(self._listeners)

    def join(self, stream: Stream, visible: frozenset[str]) -> None:
        self._streams.add(stream)
        self.show(stream, visible)
        if self._poller is None:
            loop = asyncio.get_running_loop()
            self._poller = Poller(
                deliver=lambda topics, position: loop.call_soon_threadsafe(self._deliver, topics, position),
                ended=lambda: loop.call_soon_threadsafe(self._fail),
            )
            self._poller.start()

    def show(self, stream: Stream, visible: frozenset[str]) -> None:
        """From now on the stream hears of these names and of no others."""
        for name in stream.visible - visible:
            self._listeners[name].discard(stream)
            if not self._listeners[name]:
                del self._listeners[name]
        for name in visible:
            self._listeners[name].add(stream)
        stream.visible = visible

    def leave(self, stream: Stream) -> None:
        self.show(stream, frozenset())
        self._streams.discard(stream)
        if not self._streams:
            self.close()

    def end_all(self) -> None:
        """End every stream; the browsers come back."""
        for stream in self._streams:
            stream.end()

    def close(self) -> None:
        if self._poller is not None:
            self._poller.stop()
            self._poller = None

    def _deliver(self, topics: list[str], position: int) -> None:
        # A poller that was stopped may still have its last word.
        self.position = max(self.position, position)
        for topic in dict.fromkeys(topics):
            kind, _, key = topic.partition(":")
            if kind == "user":
                self._called(key)
            for name in (topic, any_of(topic)):
                for stream in self._listeners.get(name, ()):
                    stream.hear(topic)

    def _fail(self) -> None:
        _log.error("The live poller ended; the open pages are asked to come back")
        self._poller = None
        self.end_all()
