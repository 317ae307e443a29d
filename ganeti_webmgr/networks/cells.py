"""The address map: a cell for each address, or for so many of them that the whole fits on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from ganeti_webmgr.networks.pool import WORDS, Kind, Pool, Run

MOST_CELLS = 1024
STEPS = (1, 16, 64)  # addresses in a cell
LABELLED = 16  # cells between two numbers at the edge

LOOKS = {Kind.FREE: "", Kind.USED: "used", Kind.RESERVED: "res", Kind.GATEWAY: "res", Kind.EDGE: "off"}


@dataclass(frozen=True)
class Cell:
    """One square: how it looks, what is said of it, and the number before it where a row may begin."""

    look: str
    title: str
    label: str = ""


def step(pool: Pool) -> int:
    """How many addresses one cell stands for."""
    return next((step for step in STEPS if pool.size <= step * MOST_CELLS), STEPS[-1])


def cells(pool: Pool) -> list[Cell]:
    """The squares in their order."""
    each = step(pool)
    squares = _single(pool) if each == 1 else _blocks(pool, each)
    return [
        Cell(look, title, _label(pool, number * each) if number % LABELLED == 0 else "")
        for number, (look, title) in enumerate(squares)
    ]


def summary(pool: Pool) -> str:
    """The map in words."""
    told = [f"{pool.counts[kind]:,} {word}" for kind, word in (("used", "in use"), ("reserved", "reserved"))]
    text = f"Map of the {pool.size:,} addresses of {pool.range}: {', '.join(told)}, "
    text += f"{pool.counts['free']:,} free"
    longest = pool.longest_free
    if longest and longest.length > 1:
        text += f", the longest run {longest.first} to {longest.last}"
    return f"{text}. The table below says the same."


def _single(pool: Pool) -> Iterator[tuple[str, str]]:
    for run in pool.runs:
        for number in range(int(run.first), int(run.last) + 1):
            yield LOOKS[run.kind], f"{IPv4Address(number)}: {told(run)}"


def _blocks(pool: Pool, each: int) -> Iterator[tuple[str, str]]:
    taken = [0] * (pool.size // each)
    used = [0] * len(taken)
    for number, kind in pool.taken.items():
        taken[(number - pool.first) // each] += 1
        used[(number - pool.first) // each] += kind == Kind.USED
    for number, (of_all, by_machines) in enumerate(zip(taken, used, strict=True)):
        first = IPv4Address(pool.first + number * each)
        full, some = ("used", "part") if by_machines else ("res", "")
        yield full if of_all == each else some, f"{first} – {first + (each - 1)}: {of_all} of {each} taken"


def told(run: Run) -> str:
    """What is said of an address: the machines that have it, else what it is."""
    names = [holder.name for holder in run.holders if holder.name]
    return ", ".join(dict.fromkeys(names)) or WORDS[run.kind]


def _label(pool: Pool, offset: int) -> str:
    octets = str(IPv4Address(pool.first + offset)).split(".")
    return f".{octets[3]}" if pool.range.prefixlen >= 24 else ".".join(octets[2:])
