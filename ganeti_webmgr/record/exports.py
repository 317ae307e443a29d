"""Events as files: for spreadsheets, and whole for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.audit.chain import said
from ganeti_webmgr.audit.models import Event

# A spreadsheet takes a cell that begins so for a formula, and a person may name a machine as he likes.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "at",
    "action",
    "actor_name",
    "acted_as",
    "address",
    "target_kind",
    "target_name",
    "cluster_name",
    "project_name",
    "job_id",
    "before",
    "after",
    "request_id",
    "digest",
)


@dataclass(frozen=True)
class Export:
    """A kind of file."""

    content_type: str
    lines: Callable[[Iterable[Event]], Iterator[str]]


class Echo:
    """A file for csv that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(events: Iterable[Event]) -> Iterator[str]:
    """A line for each event, under the names of the columns."""
    writer: Any = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for event in events:
        values = {**said(event), "digest": event.digest}
        yield writer.writerow(cell(values[name]) for name in COLUMNS)


def cell(value: Any) -> str:
    """The value for a spreadsheet, that does not calculate it."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_json_lines(events: Iterable[Event]) -> Iterator[str]:
    """A JSON object for each event with all that its digest covers."""
    for event in events:
        yield json.dumps({"id": event.pk, **said(event), "digest": event.digest}, ensure_ascii=False) + "\n"


EXPORTS = {
    "csv": Export("text/csv; charset=utf-8", as_csv),
    "jsonl": Export("application/jsonl; charset=utf-8", as_json_lines),
}
