"""IPv4 networks with their address pool."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass, field

from .entity import Entity


@dataclass(kw_only=True)
class Network(Entity):
    """A network; groups maps a group's uuid to (mode, link, vlan)."""

    network: str
    gateway: str | None = None
    network6: str | None = None
    gateway6: str | None = None
    mac_prefix: str | None = None
    reserved: list[str] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    @property
    def range(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(self.network)

    def external(self) -> list[str]:
        """Addresses no machine may take: both ends, the gateway, and what was reserved by hand."""
        found = {str(self.range.network_address), str(self.range.broadcast_address), *self.reserved}
        if self.gateway:
            found.add(self.gateway)
        return sorted(found, key=ipaddress.IPv4Address)

    def taken(self) -> set[str]:
        return {*self.external(), *self.used}

    def free_address(self, *, beside: Collection[str | None] = ()) -> str | None:
        """The lowest free address, which Ganeti's pool hands out first; none of those beside it."""
        taken = self.taken().union(beside)
        return next((str(host) for host in self.range.hosts() if str(host) not in taken), None)

    def map(self) -> str:
        start = int(self.range.network_address)
        marks = bytearray(b"." * self.range.num_addresses)
        for address in self.taken():
            marks[int(ipaddress.IPv4Address(address)) - start] = ord("X")
        return marks.decode()
