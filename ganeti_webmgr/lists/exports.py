"""Lists as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.ui import sheets
from ganeti_webmgr.ui.tables import Table

M = TypeVar("M", bound=Model)
R = TypeVar("R")
AT_A_TIME = 1000


def as_csv(table: Table[M, R], rows: QuerySet[M]) -> Iterator[str]:
    """A line for each row with all that the list can show."""
    cells = {name: cell for column in table.columns for name, cell in column.cells.items()}
    return sheet(cells, table.lines, rows)


def sheet(
    cells: Mapping[str, Callable[[R], object]], lines: Callable[[list[M]], list[R]], rows: QuerySet[M]
) -> Iterator[str]:
    """A line for each row under the names of the cells; of the rows only so many are held at a time."""
    values = ([cell(line) for cell in cells.values()] for line in _lines(lines, rows))
    return sheets.lines(list(cells), values)


def handed_out(
    texts: Iterator[str], *, to: User, name: str, file: str, rows: int, filters: Mapping[str, str]
) -> StreamingHttpResponse:
    """The list of that name as a file; who takes it is recorded."""
    after = {"format": "csv", "rows": rows, **filters}
    record("list.exported", Subject("list", None, name), by=to, after=after)
    return sheets.attachment(texts, name=f"{file}.csv", content_type=sheets.CSV)


def _lines(lines: Callable[[list[M]], list[R]], rows: QuerySet[M]) -> Iterator[R]:
    found = rows.iterator(chunk_size=AT_A_TIME)
    while some := list(islice(found, AT_A_TIME)):
        yield from lines(some)
