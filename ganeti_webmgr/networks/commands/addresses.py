"""The addresses that no machine is given."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.networks.commands.words import some
from ganeti_webmgr.networks.pool import Kind, Pool
from ganeti_webmgr.networks.use import pool_of


class OfAddresses(Command[Network]):
    """Something that is done to addresses of a network."""

    busy = "Changing"
    linked = "in"
    permission = "admin"


@dataclass(frozen=True, kw_only=True)
class ReserveAddresses(OfAddresses):
    """Keeps addresses from being given to machines; who has one now keeps it."""

    name = "reserve-addresses"
    label = "Reserve addresses"
    icon = "lock"

    addresses: Sequence[str] = ()

    def against(self, on: Network) -> str:
        pool = pool_of(on)
        taken = [address for address in self.addresses if kind_of(pool, address) != Kind.FREE]
        return outside(pool, self.addresses) or (f"Reserved already: {some(taken)}." if taken else "")

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.modify(target, add_reserved_ips=self.addresses, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-network modify --add-reserved-ips={','.join(self.addresses)} {shlex.quote(target)}"


@dataclass(frozen=True, kw_only=True)
class ReleaseAddresses(OfAddresses):
    """Lets machines be given addresses that were reserved."""

    name = "release-addresses"
    label = "Release addresses"
    icon = "lock-open"

    addresses: Sequence[str] = ()

    @classmethod
    def unfit(cls, on: Network) -> str:
        return "" if pool_of(on).counts[Kind.RESERVED] else "None was reserved by hand."

    def against(self, on: Network) -> str:
        pool = pool_of(on)
        kept = [address for address in self.addresses if kind_of(pool, address) in {Kind.GATEWAY, Kind.EDGE}]
        free = [address for address in self.addresses if kind_of(pool, address) == Kind.FREE]
        return (
            outside(pool, self.addresses)
            or (f"Ganeti keeps the gateway and both ends reserved: {some(kept)}." if kept else "")
            or (f"Not reserved: {some(free)}." if free else "")
        )

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.modify(target, remove_reserved_ips=self.addresses, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-network modify --remove-reserved-ips={','.join(self.addresses)} {shlex.quote(target)}"


def kind_of(pool: Pool, address: str) -> Kind:
    """What the address is, whoever uses it: the pool knows of no machine."""
    return pool.taken.get(int(IPv4Address(address)), Kind.FREE)


def outside(pool: Pool, addresses: Sequence[str]) -> str:
    """Why these cannot be meant: they lie elsewhere. Empty where they do not."""
    strange = [address for address in addresses if IPv4Address(address) not in pool.range]
    return f"Not in {pool.range}: {some(strange)}." if strange else ""
