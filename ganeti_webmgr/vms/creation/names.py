"""Names of new machines: one, several, or a pattern that stands for many."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST = 100
LONGEST = 253
LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
CHOICE = re.compile(r"\[([^\[\]]*)\]")
RANGE = re.compile(r"(\d{1,6})-(\d{1,6})")


def expanded(typed: str) -> list[str]:
    """The names, in their order; ValueError with words for the person where they are none.

    "web[01-12].example.org" stands for twelve, "db[1,3]" for two; names stand apart by spaces or commas.
    """
    names: list[str] = []
    for word in _words(typed):
        for name in _from_pattern(word):
            if len(names) >= MOST:
                raise ValueError(f"These are more than {MOST} machines. Make them in several goes.")
            names.append(name.lower().rstrip("."))
    if not names:
        raise ValueError("Enter a name.")
    for name in names:
        if why := why_no_name(name):
            raise ValueError(why)
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"{twice} stands there twice.")
    return names


def why_no_name(name: str) -> str:
    """What is wrong with the name, in words; empty where nothing is."""
    if len(name) > LONGEST:
        return f"A name can have {LONGEST} characters at most."
    bad = next((label for label in name.split(".") if not LABEL.fullmatch(label)), None)
    if bad is None:
        return ""
    if not bad:
        return f"“{name[:80]}” has a dot too many."
    return f"“{bad[:80]}” cannot be in a name. Use letters, digits, and hyphens between them."


def _words(typed: str) -> list[str]:
    """Split at spaces and commas, but not at those in brackets."""
    return re.findall(r"(?:\[[^\[\]]*\]|[^\s,;\[\]]|[\[\]])+", typed)


def _from_pattern(word: str) -> Iterator[str]:
    choice = CHOICE.search(word)
    if choice is None:
        if "[" in word or "]" in word:
            raise ValueError("A bracket has no other half. Write a pattern as web[01-12].example.org.")
        yield word
        return
    for middle in _choices(choice[1]):
        yield from _from_pattern(word[: choice.start()] + middle + word[choice.end() :])


def _choices(inner: str) -> Iterator[str]:
    parts = [part.strip() for part in inner.split(",")]
    if not all(parts):
        raise ValueError("Between the brackets stand numbers: web[01-12] or web[1,3,5].")
    for part in parts:
        span = RANGE.fullmatch(part)
        if span is None:
            yield part
            continue
        first, last = int(span[1]), int(span[2])
        if last < first:
            raise ValueError(f"[{part}] counts down. Write the smaller number first.")
        # With as many digits as the first has: 01 to 12.
        yield from (str(number).zfill(len(span[1])) for number in range(first, min(last, first + MOST) + 1))
