"""Groups of children that are started one after the other, kept running, and ended in the reverse order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from ganeti_webmgr.run.keeper import Keeper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ganeti_webmgr.run.children import Child
    from ganeti_webmgr.run.console import Console


class Supervisor:
    """Ends every child when its block is left."""

    def __init__(self, *, console: Console, env: Mapping[str, str]) -> None:
        self._console = console
        self._env = env
        self._groups: list[list[Keeper]] = []

    async def start(self, *children: Child) -> list[str]:
        """What the children printed until all were ready. Raises CannotStart if one ends before that."""
        group = [Keeper(child, console=self._console, env=self._env) for child in children]
        self._groups.append(group)
        printed = await asyncio.gather(*(keeper.start() for keeper in group))
        return [line for lines in printed for line in lines]

    def kill(self) -> None:
        """Ends all children at once, without waiting for what they do."""
        for group in self._groups:
            for keeper in group:
                keeper.kill()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for group in reversed(self._groups):
            await asyncio.gather(*(keeper.stop() for keeper in group))
