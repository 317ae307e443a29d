"""Tables as files for spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse

# A spreadsheet takes a cell that begins so for a formula, and a person may name a machine as he likes.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv; charset=utf-8"
LINES_AT_ONCE = 200


class Echo:
    """A file for csv that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(head: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A line of names, and one for each row."""
    writer: Any = csv.writer(Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow(map(cell, row))


def cell(value: object) -> str:
    """The value for a spreadsheet, that does not calculate it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if value.startswith(FORMULA) else value


def attachment(texts: Iterator[str], *, name: str, content_type: str) -> StreamingHttpResponse:
    """An answer that a browser saves as a file, written while it is read."""
    return StreamingHttpResponse(
        iter(lambda: "".join(islice(texts, LINES_AT_ONCE)), ""),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
