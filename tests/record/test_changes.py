from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.record.changes import changes


def told(action: str, before: Any = None, after: Any = None) -> list[tuple[str, str, str]]:
    event = Event(action=action, before=before, after=after)
    return [(change.label, change.before, change.after) for change in changes(event)]


def test_what_is_the_same_on_both_sides_is_left_out() -> None:
    before = {
        "to": "charlie",
        "role": "console",
        "permissions": ["view", "console"],
        "note": "",
        "until": None,
    }
    after = {**before, "role": "operator", "permissions": ["view", "console", "power"]}
    assert told("grant.given", before, after) == [
        ("For", "", "charlie"),  # whose it is is said all the same
        ("Role", "Console only", "Operator"),
    ]


def test_what_is_new_or_gone_has_one_side() -> None:
    assert told("member.added", None, {"person": "dana", "role": "lead"}) == [
        ("Person", "", "dana"),
        ("Role", "", "Lead"),
    ]
    assert told("owner.changed", {"owner": None}, {"owner": "Web"}) == [("Owner", "", "Web")]


def test_single_permissions_are_named_where_there_is_no_role() -> None:
    assert told("grant.given", None, {"role": "", "permissions": ["tags", "power"]}) == [
        ("Permissions", "", "tags, power")
    ]


def test_limits_are_said_in_units_and_none_is_no_limit() -> None:
    before = {"memory_mib": 4096, "vcpus": None, "machines": 3}
    after = {"memory_mib": 8192, "vcpus": 6, "machines": 3}
    assert told("quota.set", before, after) == [
        ("Memory", "4 GiB", "8 GiB"),
        ("vCPU", "no limit", "6"),
    ]


def test_of_a_job_what_its_words_do_not_say_already() -> None:
    asked = {"command": "shut-down", "verb": "Shut down", "timeout_s": 120}
    assert told("job.requested", None, asked) == [("Time limit", "", "2 min")]
    grown = {"command": "grow-disk", "verb": "Grow disk", "size_mib": 204800, "over_quota": True}
    assert told("job.requested", None, grown) == [("Size", "", "200 GiB"), ("Over the quota", "", "on")]
    ended = {"command": "start", "verb": "Start", "status": "failed", "error": "no memory"}
    assert told("job.ended", None, ended) == [("Reason", "", "no memory")]


@pytest.mark.parametrize(
    ("until", "words"), [("2026-12-31T11:00:00+00:00", "31 Dec 2026 11:00"), ("some day", "some day")]
)
def test_an_end_is_said_as_a_moment(until: str, words: str) -> None:
    assert told("grant.given", None, {"until": until}) == [("Until", "", words)]


@pytest.mark.parametrize("odd", [[], {}, "text", 7, [1, {"a": None}], {"a": {"b": [True]}}, {"until": 5}])
def test_odd_contents_break_nothing(odd: Any) -> None:
    told("moon.landed", odd, None)
    told("moon.landed", None, odd)
