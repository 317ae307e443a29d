"""Lists, as far as the person who asks for them sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import Listing, listing
from ganeti_webmgr.ui.tables import Shown, Table

M = TypeVar("M", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True)
class Seen(Generic[M, R]):
    """One page of a list, with its filter and the columns that the person chose."""

    shown: Shown[M, R]
    filter: Any
    listing: Listing[M]
    lines: list[R]


def seen(request: Request, table: Table[M, R]) -> Seen[M, R]:
    """The page of the list that the address asks for."""
    shown = table.shown_to(request.user)
    rows = shown.rows()
    filtered = narrowed(request, table, rows)
    # Rights, as some filters, are looked for on all rows: once is enough.
    scanned = not policy.sees_all(request.user) or any(request.GET.get(name) for name in table.scanning)
    found = listing(request, filtered.qs, of=rows, sorts=table.sorts, default=table.default, scanned=scanned)
    return Seen(shown, filtered, found, table.lines(found.page))


def narrowed(request: Request, table: Table[M, R], rows: QuerySet[M]) -> Any:
    """The filter of the list over those of the rows that the person may see there."""
    permitted = policy.permitted(request.user, table.permission, rows)
    return table.filter(request.GET, queryset=permitted, request=request)
