"""Which clusters somebody has on an open page, so that their sync can hurry. A hint, kept in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_S = 30


def watched(topic: str) -> bool:
    """Whether an open page of any web process shows this cluster ("cluster:3"), or did within 30 s."""
    return cache.get(_key(topic)) is not None


def mark_watched(topics: Iterable[str]) -> None:
    """Remember the clusters among these topics for 30 s."""
    clusters = [topic for topic in topics if topic.startswith("cluster:") and topic != "cluster:*"]
    cache.set_many({_key(topic): True for topic in clusters}, timeout=KEPT_S)


def _key(topic: str) -> str:
    return f"live:watched:{topic}"
