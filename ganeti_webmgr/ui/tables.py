"""The lists of the site, each with its columns said once: for its page, its file, and what people choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from ganeti_webmgr.accounts.models import User

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Cell = Callable[[R], object]

TABLES: dict[str, Table[Any, Any]] = {}


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: its head on the page, what it reads, and its cells in a file under their names there."""

    key: str
    heading: str
    cells: Mapping[str, Cell[R]]
    sort: str = ""
    reads: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)  # expressions, for the rows that are shown alone
    classes: str = ""
    is_extra: bool = False  # shown to those alone who choose it


def at(
    path: str,
    key: str,
    heading: str,
    *,
    row: str = "",
    named: str = "",
    sort: str | None = None,
    by: Any = None,
    **options: Any,
) -> Column[Any]:
    """The column that shows what stands at a path of the row, "primary_node__name", and sorts by it.

    `row` is where a line has the row. In a file it is `named` so, else as the path begins. What is no field
    is found by the expression `by`.
    """
    steps = path.split("__")

    def cell(line: Any) -> object:
        found = getattr(line, row) if row else line
        for step in steps:
            found = None if found is None else getattr(found, step)
        return found

    if by is not None:
        return Column(key, heading, {path: cell}, counts={path: by}, **options)
    sort = path if sort is None else sort
    return Column(key, heading, {named or steps[0]: cell}, sort=sort, reads=(path,), **options)


@dataclass(frozen=True)
class Table(Generic[M, R]):
    """A list. Defining it registers it under its key, which is in addresses and in what people keep.

    The first of its columns names the row and is always shown. `lines` makes rows of the database into what
    templates and cells take. Where `reads` is given, only that and what its columns read is fetched of a row.
    """

    key: str
    name: str
    view: str
    rows: Callable[[], QuerySet[M]]
    lines: Callable[[Iterable[M]], list[R]]
    filter: type[Any]
    columns: tuple[Column[R], ...]
    default: str = "name"
    reads: tuple[str, ...] = ()
    permission: str = "view"  # that one needs on a row to have it in the list
    for_administrators: bool = False
    is_personal: bool = False  # its columns can be chosen, and its filters saved
    scanning: tuple[str, ...] = ()  # the filters for which the database looks at every row

    def __post_init__(self) -> None:
        TABLES[self.key] = self

    def __str__(self) -> str:
        return self.name

    @cached_property
    def sorts(self) -> dict[str, str]:
        """The words of the address, with the field that each sorts by."""
        return {column.key: column.sort for column in self.columns if column.sort}

    def shown_to(self, user: User) -> Shown[M, R]:
        """The list with the columns that the person chose, or with those that everybody has at first."""
        chosen = user.columns.get(self.key)
        rest = (
            column
            for column in self.columns[1:]
            if (column.key in chosen if chosen is not None else not column.is_extra)
        )
        return Shown(self, (self.columns[0], *rest))

    def whole(self) -> Shown[M, R]:
        """The list with all that it can show."""
        return Shown(self, self.columns)


@dataclass(frozen=True)
class Shown(Generic[M, R]):
    """A list with the columns that are shown of it."""

    table: Table[M, R]
    columns: tuple[Column[R], ...]

    @cached_property
    def has(self) -> dict[str, bool]:
        """Of each column, whether it is shown."""
        keys = {column.key for column in self.columns}
        return {column.key: column.key in keys for column in self.table.columns}

    @property
    def choices(self) -> list[tuple[Column[R], bool]]:
        """The columns that can be hidden, each with whether it is shown."""
        return [(column, self.has[column.key]) for column in self.table.columns[1:]]

    def rows(self) -> QuerySet[M]:
        """All rows, of each what the columns need."""
        rows = self.table.rows()
        for column in self.columns:
            if column.counts:
                rows = rows.annotate(**column.counts)
        if not self.table.reads:
            return rows
        reads = {*self.table.reads, *(name for column in self.columns for name in column.reads)}
        related = {name.rpartition("__")[0] for name in reads if "__" in name}
        return rows.select_related(*sorted(related)).only(*sorted(reads))
