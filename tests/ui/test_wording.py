from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ganeti_webmgr.ui import wording

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, "unknown"),
        (0, "0 MiB"),
        (512, "512 MiB"),
        (1000, "1000 MiB"),
        (1024, "1 GiB"),
        (8192, "8 GiB"),
        (1536, "1.5 GiB"),
        (1258291, "1.2 TiB"),
        (9 * 1024**4, "9216 PiB"),
    ],
)
def test_a_size_is_said_in_the_largest_unit_it_fills(size: int | None, words: str) -> None:
    assert wording.mib(size) == words


def test_two_sizes_share_the_unit_of_the_whole() -> None:
    assert wording.mib_of(58 * 1024, 64 * 1024) == "58 of 64 GiB"
    assert wording.mib_of(512, 4096) == "0.5 of 4 GiB"


def test_what_is_not_known_is_unknown_and_never_0() -> None:
    assert wording.mib_of(None, 4096) == "unknown"
    assert wording.mib_of(4096, None) == "unknown"
    assert wording.share(None, 4096) is None
    assert wording.share(1, None) is None
    assert wording.share(1, 0) is None
    assert wording.less(None, 1) is None
    assert wording.less(1, None) is None


def test_a_share_is_whole_percent_and_may_be_more_than_all() -> None:
    assert wording.share(1, 3) == 33
    assert wording.share(5, 4) == 125


@pytest.mark.parametrize(
    ("at", "to_the_minute", "to_the_second"),
    [
        (datetime(2026, 11, 22, 14, 6, 31, tzinfo=UTC), "14:06", "14:06:31"),
        (datetime(2026, 11, 21, 16, 20, 0, tzinfo=UTC), "yesterday 16:20", "21 Nov 16:20:00"),
        (datetime(2026, 1, 9, 4, 2, 1, tzinfo=UTC), "9 Jan 04:02", "9 Jan 04:02:01"),
        (datetime(2024, 3, 12, 14, 2, 0, tzinfo=UTC), "12 Mar 2024", "12 Mar 2024 14:02:00"),
    ],
)
def test_a_moment_is_said_as_briefly_as_its_distance_allows(
    at: datetime, to_the_minute: str, to_the_second: str
) -> None:
    assert wording.moment(at, today=TODAY) == to_the_minute
    assert wording.clock(at, today=TODAY) == to_the_second


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, "–"),
        (timedelta(seconds=-1), "0.0 s"),
        (0.31, "0.3 s"),
        (41, "41 s"),
        (timedelta(minutes=2, seconds=40), "2 min 40 s"),
        (timedelta(minutes=3), "3 min"),
        (timedelta(minutes=36, seconds=5), "36 min"),
        (timedelta(hours=1, minutes=5), "1 h 5 min"),
        (timedelta(days=1, hours=3), "1 day 3 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_duration_has_at_most_two_units(length: timedelta | float | None, words: str) -> None:
    assert wording.duration(length) == words


def test_several_things_are_joined_as_in_speech() -> None:
    assert wording.words([]) == ""
    assert wording.words(["kvm"]) == "kvm"
    assert wording.words(["kvm", "lxc"]) == "kvm and lxc"
    assert wording.words(["drbd", "plain", "rbd"]) == "drbd, plain and rbd"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "on"),
        (False, "off"),
        (None, "not set"),
        ("", "not set"),
        (0, "0"),
        ([], "none"),
        (["a", True], "a, on"),
        ({"a": 1, "b": ""}, "a=1, b=not set"),
    ],
)
def test_a_setting_is_said_in_words(value: object, words: str) -> None:
    assert wording.setting(value) == words


def test_only_names_are_shortened_to_their_host() -> None:
    assert wording.host("node1.prod.example.org") == "node1"
    assert wording.host("192.0.2.7") == "192.0.2.7"


def test_ganetis_words_are_written_as_people_write_them() -> None:
    assert wording.spelled("drbd") == "DRBD"
    assert wording.spelled(["kvm", "fake"]) == ["KVM", "fake"]


def test_a_ratio_has_one_decimal() -> None:
    assert wording.per(1104, 384) == "2.9"
