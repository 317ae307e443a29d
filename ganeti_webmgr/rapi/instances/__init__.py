"""Instances (Reference 2.8)."""

from __future__ import annotations

from pydantic import TypeAdapter

from ..calls import Kind
from ..outgoing import plain
from ..resource import BULK
from ..types import Console, Instance
from .configuration import Configuration
from .disks import Disks
from .life import Life
from .moves import Moves
from .power import Power

_INSTANCE = TypeAdapter(Instance)
_INSTANCES = TypeAdapter(list[Instance])
_CONSOLE = TypeAdapter(Console)
_JOB_ID = TypeAdapter(int)


class Instances(Life, Power, Configuration, Disks, Moves):
    """`client.instances`."""

    def list(self) -> list[Instance]:
        """All instances; asks their nodes, so one that hangs makes this slow (Reference 8, trap 14)."""
        return self._read(self._root, _INSTANCES, query=BULK, kind=Kind.LIVE)

    def get(self, name: str) -> Instance:
        """The instance of this name. A short name is understood too (Reference 8, trap 24)."""
        return self._read(self._path(name), _INSTANCE, kind=Kind.LIVE)

    def info(self, name: str, *, static: bool = False, reason: str | None = None) -> int:
        """A job whose result `instance_details` reads. Unless `static`, it takes locks and asks the nodes."""
        query = [("static", "1")] * static + ([("reason", plain(reason))] if reason else [])
        return self._read(self._path(name, "info"), _JOB_ID, query=query)

    def console(self, name: str) -> Console:
        """How Ganeti says to reach the console; `ConsoleUnavailable` for VNC, always (Reference 7.1)."""
        return self._read(self._path(name, "console"), _CONSOLE, kind=Kind.LIVE)
