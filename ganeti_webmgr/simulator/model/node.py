"""Nodes and node groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .entity import Entity


@dataclass(kw_only=True)
class Node(Entity):
    """A node; sizes in MiB. `reachable` is what its daemon really does, `offline` what Ganeti was told."""

    group: str
    pip: str
    sip: str
    memory: int
    used_by_system: int = 1024
    disk: int
    cpus: int
    sockets: int = 1
    master: bool = False
    master_candidate: bool = True
    drained: bool = False
    offline: bool = False
    master_capable: bool = True
    vm_capable: bool = True
    reachable: bool = True
    ndparams: dict[str, Any] = field(default_factory=dict)
    exports: list[str] = field(default_factory=list)
    bootid: str = ""

    @property
    def role(self) -> str:
        if self.master:
            return "M"
        if self.offline:
            return "O"
        if self.drained:
            return "D"
        return "C" if self.master_candidate else "R"


@dataclass(kw_only=True)
class Group(Entity):
    """A node group with its overrides."""

    alloc_policy: str = "preferred"
    ipolicy: dict[str, Any] = field(default_factory=dict)
    diskparams: dict[str, Any] = field(default_factory=dict)
    ndparams: dict[str, Any] = field(default_factory=dict)
