"""Saved filters as pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.lists.models import SavedFilter
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.listing import Seen
from ganeti_webmgr.ui.filtering import understood
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.tables import TABLES, Table

MOST_SHOWN = 50


@dataclass(frozen=True)
class Saved:
    """The filters over a list, what of its address is in force, and where that can be saved."""

    filters: list[SavedFilter]
    current: str
    url: str
    save_url: str


@dataclass(frozen=True)
class Line:
    """A filter with its list, what it asks in words, and whether the person may change it."""

    saved: SavedFilter
    table: Table[Any, Any]
    words: str
    may_edit: bool

    @property
    def url(self) -> str:
        return f"{reverse(self.table.view)}?{self.saved.query}"


def filters_of(user: User) -> QuerySet[SavedFilter]:
    """The person's own filters and those of his projects, in the order of their names."""
    rows = SavedFilter.objects.select_related("owner")
    return policy.concerning(user, "view", rows).order_by(Lower("name"), "pk")


def over_list(request: Request, found: Seen[Any, Any]) -> Saved:
    """The filters to choose from over the list, found with one query."""
    table = found.shown.table
    filters = list(filters_of(request.user).filter(table=table.key)[:MOST_SHOWN])
    current = understood(found.filter.form, request.GET, table.sorts)
    is_new = current and not any(saved.query == current for saved in filters)
    save_url = f"{reverse('lists:save', args=[table.key])}?{current}" if is_new else ""
    return Saved(filters, current, reverse(table.view), save_url)


def lines(user: User) -> list[Line]:
    """All filters that the person finds over lists."""
    rows = list(filters_of(user).select_related("made_by"))
    editable = policy.permitted(user, "edit", SavedFilter.objects.filter(pk__in=[row.pk for row in rows]))
    may_edit = set(editable.values_list("pk", flat=True))
    return [
        Line(row, table, words(table, row.query), row.pk in may_edit)
        for row in rows
        if (table := TABLES.get(row.table))
    ]


def words(table: Table[Any, Any], query: str) -> str:
    """What an address asks of the list: "Status: running, Tag: mail"."""
    return ", ".join(_parts(table, QueryDict(query)))


def _parts(table: Table[Any, Any], query: QueryDict) -> Iterator[str]:
    heads = {column.key: column.heading for column in table.columns}
    for name, value in query.dict().items():
        if name == "sort":
            yield f"sorted by {heads.get(str(value).removeprefix('-'), value)}"
        elif name == "q":
            yield f"“{value}”"
        elif known := table.filter.base_filters.get(name):
            yield f"{known.label}: {dict(known.extra.get('choices', ())).get(value, value)}"
