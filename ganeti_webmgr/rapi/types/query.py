"""What only queries show (Reference 2.2, 4.8)."""

from __future__ import annotations

from typing import Any

from .frozen import Frozen


class FieldDefinition(Frozen):
    """A field that can be asked for."""

    name: str
    title: str
    kind: str
    doc: str


class Lock(Frozen):
    """A lock that is held or waited for; owners are job ids."""

    name: str
    mode: str | None
    owner: tuple[str, ...] | None
    pending: tuple[Any, ...] | None


class Export(Frozen):
    """An export on a node. None: the node has none, or does not say."""

    node: str
    export: str | None
