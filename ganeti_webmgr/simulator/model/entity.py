"""What every object of a Ganeti configuration has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_WATCHER = "_on_change"


@dataclass(kw_only=True)
class Entity:
    """A named object with the book-keeping Ganeti does for each; assigning to it tells its cluster."""

    name: str
    uuid: str
    tags: list[str] = field(default_factory=list)
    ctime: float = 0.0
    mtime: float = 0.0
    serial_no: int = 1

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        on_change = self.__dict__.get(_WATCHER)
        if on_change is not None:
            on_change()

    def watch(self, on_change: Callable[[], None]) -> None:
        self.__dict__[_WATCHER] = on_change

    def touch(self, now: float) -> None:
        """Moves mtime and serial_no, as each change of the configuration does."""
        self.mtime = now
        self.serial_no += 1
