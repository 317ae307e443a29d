"""One page of a list: sorted and cut as the address says, with a word where it says something odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Count, Model, QuerySet, Window
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PER_PAGE = 50


@dataclass(frozen=True)
class Listing(Generic[M]):
    """Rows to show, the sort in force, and what could not be done as asked."""

    page: Page[M]
    sort: str
    problems: list[str]

    @property
    def total(self) -> int:
        return self.page.paginator.count


def listing(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    of: QuerySet[M] | None = None,
    sorts: Mapping[str, str],
    default: str,
    scanned: bool = False,
) -> Listing[M]:
    """The page of the rows that `?sort=` and `?page=` ask for.

    `sorts` maps the words of the address to fields; a leading "-" turns the order, which ends in the key.
    `of` is what the rows were before they were narrowed: to find them again by their keys, that is enough.
    `scanned` says that the database must look at every row to find them: it does so once for number and page.
    """
    problems = []
    sort = request.GET.get("sort", default)
    if sort.removeprefix("-") not in sorts:
        problems.append(
            f"This list cannot be sorted by “{sort[:40]}”. It is sorted by {default.lstrip('-')}."
        )
        sort = default
    turn = "-" if sort.startswith("-") else ""
    order = (turn + sorts[sort.removeprefix("-")], f"{turn}pk")
    paginator = Paginator(rows.order_by(*order), PER_PAGE)
    asked = request.GET.get("page", "1")
    first = _first(rows.order_by(*order)) if scanned and asked == "1" else None
    if first is not None:
        paginator.count = first[0]["total"] if first else 0
    try:
        page = paginator.page(asked)
    except (PageNotAnInteger, EmptyPage):
        page = paginator.page(1)
        problems.append(f"There is no page “{asked[:20]}”. This is page 1 of {paginator.num_pages}.")
    # Only keys are sorted. Whole rows of 10,000, with all that is joined to them, take several times as long.
    keys: Any = cast("QuerySet[M]", page.object_list).values("pk")
    if first is not None:
        keys = [row["pk"] for row in first]
    page.object_list = (rows if of is None else of).filter(pk__in=keys).order_by(*order)
    return Listing(page, sort, problems)


def _first(rows: QuerySet[M]) -> list[dict[str, Any]]:
    """The keys of the first page, each with how many rows there are."""
    return list(rows.annotate(total=Window(Count("*"))).values("pk", "total")[:PER_PAGE])
