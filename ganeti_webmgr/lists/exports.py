"""Lists as files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet

from ganeti_webmgr.ui import sheets
from ganeti_webmgr.ui.tables import Table

M = TypeVar("M", bound=Model)
R = TypeVar("R")
AT_A_TIME = 1000


def as_csv(table: Table[M, R], rows: QuerySet[M]) -> Iterator[str]:
    """A line for each row with all that the list can show; of the rows only so many are held at a time."""
    cells = {name: cell for column in table.columns for name, cell in column.cells.items()}
    values = ([cell(line) for cell in cells.values()] for line in _lines(table, rows))
    return sheets.lines(list(cells), values)


def _lines(table: Table[M, R], rows: QuerySet[M]) -> Iterator[R]:
    found = rows.iterator(chunk_size=AT_A_TIME)
    while some := list(islice(found, AT_A_TIME)):
        yield from table.lines(some)
