"""One child over all its lives: started, listened to, started again when it died."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import deque
from typing import TYPE_CHECKING

from ganeti_webmgr.run.claims import CannotStart
from ganeti_webmgr.run.life import Life

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ganeti_webmgr.run.children import Child
    from ganeti_webmgr.run.console import Console

GRACE_S = 10
"""How long a child that was asked to end may take."""

LONGEST_PAUSE_S = 30
"""Pauses before another start double up to this. Who ran for as long begins with a short one again."""


class Keeper:
    def __init__(self, child: Child, *, console: Console, env: Mapping[str, str]) -> None:
        self._child = child
        self._console = console
        self._env = env
        self._life: Life | None = None
        self._lives: asyncio.Task[None] | None = None
        self._stopping = False
        self._was_ready: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._is_ready = False
        self._unshown: deque[str] = deque(maxlen=50)

    async def start(self) -> list[str]:
        """What the child printed until it was ready. Raises CannotStart if it ends before."""
        self._lives = asyncio.create_task(self._keep())
        return await self._was_ready

    async def stop(self) -> None:
        """Returns when the child has ended; it is killed if it takes too long."""
        self._stopping = True
        if self._lives is None:
            return
        if self._life:
            self._life.signal(signal.SIGTERM)
        else:
            self._lives.cancel()
        _, late = await asyncio.wait([self._lives], timeout=GRACE_S)
        if late:
            self._say(f"took longer than {GRACE_S} s to end, and is killed")
            self.kill()
            await asyncio.wait([self._lives])

    def kill(self) -> None:
        """Ends the child at once and for good."""
        self._stopping = True
        if self._life:
            self._life.signal(signal.SIGKILL)

    async def _keep(self) -> None:
        pause = 1
        while True:
            born = time.monotonic()
            end = await self._live()
            if self._stopping:
                return
            if not self._was_ready.done():
                self._was_ready.set_exception(
                    CannotStart("\n".join([f"{self._child.name} {end}:", *self._unshown]))
                )
                return
            for line in self._unshown:
                self._say(line)
            if time.monotonic() - born > LONGEST_PAUSE_S:
                pause = 1
            self._say(f"{end}; it is started again in {pause} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _live(self) -> str:
        """How the child ended, this time."""
        self._unshown.clear()
        self._is_ready = False
        try:
            self._life = await Life.begin(self._child, env=self._env, hear=self._hear)
        except OSError as error:
            return f"cannot be started: {error}"
        if self._child.ready is None:
            self._becomes_ready()
        try:
            return await self._life.end()
        finally:
            self._life = None

    def _hear(self, line: str) -> None:
        if not line:
            return
        if self._is_ready and not self._child.talkative:
            self._say(line)
            return
        self._unshown.append(line)
        if not self._is_ready and self._child.ready and self._child.ready(list(self._unshown)):
            self._becomes_ready()

    def _becomes_ready(self) -> None:
        self._is_ready = True
        if not self._was_ready.done():
            self._was_ready.set_result(list(self._unshown))
        self._unshown.clear()

    def _say(self, text: str) -> None:
        self._console.line(self._child.name, text)
