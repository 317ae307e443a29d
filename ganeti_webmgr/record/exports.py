"""Events as files: for spreadsheets, and whole for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ganeti_webmgr.audit.chain import said
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.ui import sheets

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


def as_csv(events: Iterable[Event]) -> Iterator[str]:
    """A line for each event, under the names of the columns."""
    told = ({**said(event), "digest": event.digest} for event in events)
    return sheets.lines(COLUMNS, ([values[name] for name in COLUMNS] for values in told))


def as_json_lines(events: Iterable[Event]) -> Iterator[str]:
    """A JSON object for each event with all that its digest covers."""
    for event in events:
        yield json.dumps({"id": event.pk, **said(event), "digest": event.digest}, ensure_ascii=False) + "\n"


EXPORTS = {
    "csv": Export(sheets.CSV, as_csv),
    "jsonl": Export("application/jsonl; charset=utf-8", as_json_lines),
}
