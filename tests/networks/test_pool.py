"""What each address of a network is, in runs and in squares."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from ganeti_webmgr.networks.cells import MOST_CELLS, cells, step, summary
from ganeti_webmgr.networks.pool import Holder, Pool


def pool(cidr: str = "10.0.0.0/28", reserved: str = "", used: str = "", gateway: str = "") -> Pool:
    holders = [Holder(address, 0, name=f"m{address.rpartition('.')[2]}") for address in used.split()]
    return Pool(IPv4Network(cidr), gateway=gateway, reserved=reserved.split(), holders=holders)


def told(found: Pool) -> list[tuple[str, str]]:
    return [(run.kind.value, run.words.replace("10.0.0.", ".")) for run in found.runs]


def test_an_empty_network_has_both_ends_and_what_is_free_between() -> None:
    assert told(pool()) == [("edge", ".0"), ("free", ".1 – .14"), ("edge", ".15")]


def test_alike_ones_are_one_run_and_used_ones_stand_alone() -> None:
    found = pool(gateway="10.0.0.1", reserved="10.0.0.2 10.0.0.3 10.0.0.9", used="10.0.0.4 10.0.0.5")
    assert told(found) == [
        ("edge", ".0"),
        ("gateway", ".1"),
        ("reserved", ".2 – .3"),
        ("used", ".4"),
        ("used", ".5"),
        ("free", ".6 – .8"),
        ("reserved", ".9"),
        ("free", ".10 – .14"),
        ("edge", ".15"),
    ]
    assert found.counts == {"free": 8, "used": 2, "reserved": 3, "gateway": 1, "edge": 2}
    assert str(found.next_free) == "10.0.0.6"
    assert sum(run.length for run in found.runs) == found.size


def test_what_lies_outside_or_is_no_address_does_not_count() -> None:
    found = pool(reserved="10.0.1.1 nonsense", used="10.0.0.16 fe80::1", gateway="192.0.2.1")
    assert told(found) == told(pool())


def test_an_address_that_two_machines_have_names_both() -> None:
    found = pool(used="10.0.0.4 10.0.0.4")
    (run,) = [run for run in found.runs if run.kind == "used"]
    assert len(run.holders) == 2


def test_a_full_network_has_no_next_address() -> None:
    found = pool("10.0.0.0/30", reserved="10.0.0.1", used="10.0.0.2")
    assert (found.next_free, found.longest_free, found.counts["free"]) == (None, None, 0)


def test_each_address_has_its_square_with_who_has_it() -> None:
    squares = cells(pool(gateway="10.0.0.1", reserved="10.0.0.2", used="10.0.0.4"))
    assert [cell.look for cell in squares[:6]] == ["off", "res", "res", "", "used", ""]
    assert squares[4].title == "10.0.0.4: m4"
    assert squares[1].title == "10.0.0.1: gateway"
    assert [cell.label for cell in squares if cell.label] == [".0"]


@pytest.mark.parametrize(
    ("cidr", "each"), [("10.0.0.0/22", 1), ("10.0.0.0/21", 16), ("10.0.0.0/18", 16), ("10.0.0.0/16", 64)]
)
def test_a_big_network_is_drawn_in_blocks(cidr: str, each: int) -> None:
    found = pool(cidr)
    assert step(found) == each
    assert len(cells(found)) * each == found.size
    assert len(cells(found)) <= MOST_CELLS


def test_a_block_says_how_many_of_it_are_taken() -> None:
    reserved = " ".join(f"10.0.0.{number}" for number in range(16, 32))
    squares = cells(pool("10.0.0.0/20", reserved=reserved, used="10.0.0.33"))
    assert [cell.look for cell in squares[:4]] == ["", "res", "part", ""]
    assert squares[2].title == "10.0.0.32 – 10.0.0.47: 1 of 16 taken"


def test_the_map_is_told_in_words() -> None:
    text = summary(pool(used="10.0.0.4"))
    assert "16 addresses of 10.0.0.0/28: 1 in use, 0 reserved, 13 free" in text
    assert "10.0.0.5 to 10.0.0.14" in text
