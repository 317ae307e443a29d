"""How to reach an instance's console, as Ganeti tells it (Reference 7.1)."""

from __future__ import annotations

from .frozen import Frozen


class Console(Frozen):
    """`kind` is ssh, vnc, spice or msg, and decides which of the rest is there."""

    instance: str
    kind: str
    host: str | None = None
    port: int | None = None
    user: str | None = None
    command: tuple[str, ...] | str | None = None
    display: int | str | None = None
    message: str | None = None
