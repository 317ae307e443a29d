"""One page of a list: sorted and cut as the address says, with a word where it says something odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Count, Model, QuerySet, Window
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)
Order = tuple[str, ...]
PER_PAGE = 50
COUNTED = 10_000  # rows of a long list; more where a later page is asked for
FARTHEST = 10**9  # the number of a page that any database can count to


class First(Protocol[M_co]):
    """The first rows of a long list in an order, and no more than `most`."""

    def __call__(self, most: int, order: Order = ()) -> QuerySet[M_co]: ...


class Pages(Paginator):  # type: ignore[type-arg]  # no generic at runtime
    """The pages of a list, of which at most so many rows were counted, and one more where there are more."""

    def __init__(self, rows: QuerySet[Any], *, most: int | None = None) -> None:
        super().__init__(rows, PER_PAGE)
        self.most = most

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.most is not None and self.count > self.most

    @property
    def total(self) -> str:
        """How many rows there are, in words: "2,318", "more than 10,000"."""
        return f"more than {self.most:,}" if self.is_more else f"{self.count:,}"

    def asked(self, number: str, problems: list[str]) -> Page[Any]:
        """The page of that number; else the first, with the reason among the problems."""
        try:
            return self.page(number)
        except (PageNotAnInteger, EmptyPage):
            of = "" if self.is_more else f" of {self.num_pages}"
            problems.append(f"There is no page “{number[:20]}”. This is page 1{of}.")
            return self.page(1)


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
    problems: list[str] = []
    sort, order = ordered(request, sorts, default, problems)
    pages = Pages(rows.order_by(*order))
    asked = request.GET.get("page", "1")
    first = _first(rows.order_by(*order)) if scanned and asked == "1" else None
    if first is not None:
        pages.count = first[0]["total"] if first else 0
    page = pages.asked(asked, problems)
    keys = None if first is None else [row["pk"] for row in first]
    return Listing(_whole(page, rows if of is None else of, order, keys), sort, problems)


def long_listing(
    request: HttpRequest, first: First[M], *, of: QuerySet[M], sorts: Mapping[str, str], default: str
) -> Listing[M]:
    """The same of a list that may be so long that counting it would be most of the work.

    `first` gives its first rows. They are counted as far as the page that is asked for, and at least as far
    as `COUNTED`, so each page that there is can be asked for.
    """
    problems: list[str] = []
    sort, order = ordered(request, sorts, default, problems)
    asked = request.GET.get("page", "1")
    end = _number(asked) * PER_PAGE
    most = max(COUNTED, end)
    pages = Pages(first(end, order), most=most)
    pages.count = first(most + 1).count()
    return Listing(_whole(pages.asked(asked, problems), of, order), sort, problems)


def ordered(
    request: HttpRequest, sorts: Mapping[str, str], default: str, problems: list[str]
) -> tuple[str, Order]:
    """The sort that `?sort=` asks for, in its word and in fields; else the default, and a problem more."""
    sort = request.GET.get("sort", default)
    if sort.removeprefix("-") not in sorts:
        problems.append(
            f"This list cannot be sorted by “{sort[:40]}”. It is sorted by {default.lstrip('-')}."
        )
        sort = default
    turn = "-" if sort.startswith("-") else ""
    return sort, (turn + sorts[sort.removeprefix("-")], f"{turn}pk")


def _number(asked: str) -> int:
    try:
        number = int(asked)
    except ValueError:
        return 1
    return number if 0 < number < FARTHEST else 1


def _whole(page: Page[M], of: QuerySet[M], order: Order, keys: list[int] | None = None) -> Page[M]:
    """The page with whole rows; of the present ones only the keys are asked for."""
    # Only keys are sorted. Whole rows of 10,000, with all that is joined to them, take several times as long.
    found: Any = cast("QuerySet[M]", page.object_list).values("pk") if keys is None else keys
    page.object_list = of.filter(pk__in=found).order_by(*order) if page.paginator.count else of.none()
    return page


def _first(rows: QuerySet[M]) -> list[dict[str, Any]]:
    """The keys of the first page, each with how many rows there are."""
    return list(rows.annotate(total=Window(Count("*"))).values("pk", "total")[:PER_PAGE])
