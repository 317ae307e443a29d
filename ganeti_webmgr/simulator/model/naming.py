"""Objects by name, with Ganeti's rule for short names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .entity import Entity

T = TypeVar("T", bound=Entity)


class Named(dict[str, T]):
    """Objects by their full name; `["web1"]` finds web1.example.org as long as only one name begins so."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.on_change = on_change

    def __setitem__(self, name: str, item: T) -> None:
        super().__setitem__(name, item)
        item.watch(self.on_change)
        self.on_change()

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self.on_change()

    def __missing__(self, name: str) -> T:
        start = name.lower() + "."
        matches = [self[full] for full in self if full.lower().startswith(start)]
        if len(matches) != 1:
            raise KeyError(name)
        return matches[0]

    def find(self, name: str) -> T | None:
        """The object of that full, short or lower-case name."""
        try:
            return self[name]
        except KeyError:
            return None

    def find_any(self, key: str) -> T | None:
        """As `find`, and by UUID too: what a GET understands, but no job."""
        return self.find(key) or next((item for item in self.values() if item.uuid == key), None)

    def add(self, item: T) -> None:
        self[item.name] = item

    def rename(self, item: T, name: str) -> None:
        del self[item.name]
        item.name = name
        self[name] = item
