from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ganeti_webmgr.live import topics
from ganeti_webmgr.live.topics import parse, register, visible_to

SUPERUSER: Any = SimpleNamespace(is_superuser=True)
SOMEBODY: Any = SimpleNamespace(is_superuser=False)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_visible", {})


def test_a_kind_that_nobody_registered_is_visible_to_nobody() -> None:
    assert visible_to(SUPERUSER, [parse("vm:7"), parse("vm:*")]) == set()


def test_each_kind_is_asked_once_and_answers_only_what_was_asked() -> None:
    questions = []

    def even(user: Any, ids: set[int]) -> set[int]:
        questions.append(ids)
        return {0, 2, 4, 6, 8}

    register("vm", even)
    asked = [parse(f"vm:{pk}") for pk in (1, 2, 3, 4)]
    assert visible_to(SOMEBODY, asked) == {parse("vm:2"), parse("vm:4")}
    assert questions == [{1, 2, 3, 4}]


def test_everything_of_a_kind_is_for_superusers() -> None:
    register("vm", lambda user, ids: ids)
    assert visible_to(SOMEBODY, [parse("vm:*")]) == set()
    assert visible_to(SUPERUSER, [parse("vm:*")]) == {parse("vm:*")}


@pytest.mark.parametrize("text", ["vm:9999999999999999999", "vm:²", "vm:7\n", "vm:", ":7", "vm:7:8", "v m:7"])
def test_what_is_not_a_topic_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not a topic"):
        parse(text)
