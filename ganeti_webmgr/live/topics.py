"""What a page can ask for, and who may hear of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Visible = Callable[[Any, set[int]], set[int]]
"""Called with a user and the ids that were asked for; gives back those the user may see."""

# 18 digits fit every database's big integer.
_TOPIC = re.compile(r"(?P<kind>[a-z_]{1,30}):(?P<id>\*|[0-9]{1,18})")
_visible: dict[str, Visible] = {}


class Topic(NamedTuple):
    """Something that changes: a kind and an id, or any of the kind where the id is None."""

    kind: str
    id: int | None

    def __str__(self) -> str:
        return f"{self.kind}:{'*' if self.id is None else self.id}"


def parse(text: str) -> Topic:
    """The topic that "vm:7" or "vm:*" names; ValueError for anything else."""
    match = _TOPIC.fullmatch(text)
    if match is None:
        raise ValueError(f"Not a topic: {text!r}")
    return Topic(match["kind"], None if match["id"] == "*" else int(match["id"]))


def register(kind: str, visible: Visible) -> None:
    """Let people hear of a kind. Of a kind that was never registered nobody hears."""
    _visible[kind] = visible


def visible_to(user: AbstractBaseUser, asked: Iterable[Topic]) -> frozenset[Topic]:
    """Those of the topics that the user may hear of now, found with one question for each kind."""
    seen: set[Topic] = set()
    by_kind: defaultdict[str, set[int]] = defaultdict(set)
    for topic in asked:
        if topic.kind not in _visible:
            continue
        if topic.id is not None:
            by_kind[topic.kind].add(topic.id)
        elif getattr(user, "is_superuser", False):
            seen.add(topic)
    for kind, ids in by_kind.items():
        seen.update(Topic(kind, id_) for id_ in ids & _visible[kind](user, ids))
    return frozenset(seen)
