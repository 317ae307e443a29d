"""The addresses of a network: what each one is, and runs of the same kind as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network


class Kind(StrEnum):
    """What an address is."""

    FREE = "free"
    USED = "used"
    RESERVED = "reserved"
    GATEWAY = "gateway"
    EDGE = "edge"  # the first and the last, which are never given out


WORDS = {
    Kind.FREE: "free",
    Kind.USED: "in use",
    Kind.RESERVED: "reserved",
    Kind.GATEWAY: "gateway",
    Kind.EDGE: "never given out",
}


@dataclass(frozen=True)
class Holder:
    """A machine with an interface in the network; without name and address of its page where it is hidden."""

    address: str  # empty: an interface that has none
    interface: int
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Run:
    """Addresses of one kind that follow each other; of used ones each stands alone."""

    kind: Kind
    first: IPv4Address
    last: IPv4Address
    holders: tuple[Holder, ...] = ()

    @property
    def length(self) -> int:
        return int(self.last) - int(self.first) + 1

    @property
    def words(self) -> str:
        """ "10.20.4.9", "10.20.4.2 – 10.20.4.9" """
        return str(self.first) if self.length == 1 else f"{self.first} – {self.last}"

    @property
    def typed(self) -> str:
        """As it is typed where addresses are reserved and released."""
        return str(self.first) if self.length == 1 else f"{self.first}-{self.last}"


@dataclass
class Pool:
    """All addresses of a network."""

    range: IPv4Network
    gateway: str = ""
    reserved: Iterable[str] = ()
    holders: Iterable[Holder] = ()
    held: dict[int, list[Holder]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for holder in self.holders:
            if (number := _within(self.range, holder.address)) is not None:
                self.held.setdefault(number, []).append(holder)

    @property
    def first(self) -> int:
        return int(self.range.network_address)

    @property
    def last(self) -> int:
        return int(self.range.broadcast_address)

    @property
    def size(self) -> int:
        return self.range.num_addresses

    @cached_property
    def taken(self) -> dict[int, Kind]:
        """The addresses that are not free, by number and in order."""
        found: dict[int, Kind] = {}
        for address in self.reserved:
            if (number := _within(self.range, address)) is not None:
                found[number] = Kind.RESERVED
        found |= {self.first: Kind.EDGE, self.last: Kind.EDGE}
        if (number := _within(self.range, self.gateway)) is not None:
            found[number] = Kind.GATEWAY
        found |= dict.fromkeys(self.held, Kind.USED)
        return dict(sorted(found.items()))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many addresses there are of each kind."""
        found = Counter(self.taken.values())
        return {kind.value: found[kind] for kind in Kind} | {"free": self.size - len(self.taken)}

    @cached_property
    def runs(self) -> list[Run]:
        """The whole range in order."""
        return list(self._runs())

    @property
    def next_free(self) -> IPv4Address | None:
        """What Ganeti gives out next: the lowest."""
        return next((run.first for run in self.runs if run.kind == Kind.FREE), None)

    @property
    def longest_free(self) -> Run | None:
        free = (run for run in self.runs if run.kind == Kind.FREE)
        return max(free, key=lambda run: run.length, default=None)

    def _runs(self) -> Iterator[Run]:
        told = self.first  # every address below is in some run
        for kind, first, last in _stretches(self.taken):
            if first > told:
                yield self._run(Kind.FREE, told, first - 1)
            yield self._run(kind, first, last)
            told = last + 1

    def _run(self, kind: Kind, first: int, last: int) -> Run:
        return Run(kind, IPv4Address(first), IPv4Address(last), tuple(self.held.get(first, ())))


def _stretches(taken: Mapping[int, Kind]) -> Iterator[tuple[Kind, int, int]]:
    """What follows each other and is of one kind, with its first and last; used ones each alone."""
    open_one: tuple[Kind, int, int] | None = None
    for number, kind in taken.items():
        if open_one and kind != Kind.USED and open_one[0] == kind and open_one[2] == number - 1:
            open_one = (kind, open_one[1], number)
            continue
        if open_one:
            yield open_one
        open_one = (kind, number, number)
    if open_one:
        yield open_one


def _within(of: IPv4Network, address: str) -> int | None:
    """The number of the address where it lies in the range."""
    try:
        found = IPv4Address(address)
    except ValueError:
        return None
    return int(found) if found in of else None
