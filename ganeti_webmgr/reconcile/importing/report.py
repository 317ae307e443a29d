"""What was brought over and what was not, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from ganeti_webmgr.ui.refusal import Refusal

DID, SAME, NOT = "+", "=", "!"
WORDS = {DID: "brought over", SAME: "here already", NOT: "not, or not wholly"}


@dataclass
class Report:
    """Lines under headings, each with a mark: brought over, here already, or not."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)
    _heading: str = ""

    def part(self, heading: str) -> None:
        """What follows is about that."""
        self._heading = heading

    def did(self, text: str) -> None:
        self._say(DID, text)

    def same(self, text: str) -> None:
        self._say(SAME, text)

    def could_not(self, text: str) -> None:
        self._say(NOT, text)

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """What fails meanwhile fails alone: it is taken back, said, and the rest goes on."""
        before = len(self.lines)
        try:
            with transaction.atomic():
                yield
        except (ValidationError, Refusal, DatabaseError, ValueError, OverflowError) as error:
            del self.lines[before:]
            why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            self.could_not(f"{name}: {why}")

    @property
    def counts(self) -> Counter[str]:
        """How many lines have each mark."""
        return Counter(mark for _, mark, _ in self.lines)

    def as_text(self) -> Iterator[str]:
        """The report as it is printed."""
        heading = ""
        for part, mark, text in self.lines:
            if part != heading:
                yield from ([""] if heading else []) + [part]
                heading = part
            yield f"  {mark} {text}"
        if self.lines:
            yield ""
        yield ", ".join(f"{self.counts[mark]} {words}" for mark, words in WORDS.items())

    def _say(self, mark: str, text: str) -> None:
        self.lines.append((self._heading, mark, text))
