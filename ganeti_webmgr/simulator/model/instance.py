"""Instances with their disks and NICs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .entity import Entity


@dataclass(kw_only=True)
class Disk:
    """One disk; the size is in MiB."""

    uuid: str
    size: int
    template: str
    mode: str = "rw"
    name: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    lost: bool = False  # its data are not on the node any more


@dataclass(kw_only=True)
class Nic:
    """One network interface; params holds only what differs from the cluster's defaults."""

    uuid: str
    mac: str
    ip: str | None = None
    name: str | None = None
    network: str | None = None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Running:
    """A machine as its hypervisor sees it: where it runs, and with what it was started."""

    node: str
    ram: int
    vcpus: int
    hvparams: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Instance(Entity):
    """What is configured (overrides only) and, apart from it, what really runs."""

    os: str
    hypervisor: str
    pnode: str
    snode: str | None = None
    template: str
    disks: list[Disk] = field(default_factory=list)
    nics: list[Nic] = field(default_factory=list)
    hvparams: dict[str, Any] = field(default_factory=dict)
    beparams: dict[str, Any] = field(default_factory=dict)
    osparams: dict[str, Any] = field(default_factory=dict)
    osparams_private: dict[str, Any] = field(default_factory=dict)
    admin_state: str = "down"
    admin_state_source: str = "admin"
    disks_active: bool = False
    forthcoming: bool = False
    network_port: int | None = None
    running: Running | None = None
    ended_inside: bool = False

    def crash(self) -> None:
        """Ends the machine as a dying process would; the configuration does not notice."""
        self.running = None

    def shut_down_inside(self) -> None:
        """Ends the machine as its own `poweroff` would."""
        self.running = None
        self.ended_inside = True

    @property
    def nodes(self) -> list[str]:
        return [self.pnode] if self.snode is None else [self.pnode, self.snode]

    def space(self) -> int:
        """MiB taken on each of its nodes; DRBD adds 128 MiB a disk for its metadata."""
        if self.template in ("diskless", "blockdev"):
            return 0
        return sum(disk.size + (128 if disk.template == "drbd" else 0) for disk in self.disks)
