"""Rows that somebody chose in a list: those ticked, those of the page, or all that match its filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from ganeti_webmgr.ui.filtering import SEARCH, in_force
from ganeti_webmgr.ui.refusal import Refusal

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Chosen(Generic[M]):
    """The rows, and the filter that found them, in words; empty where they were ticked."""

    rows: QuerySet[M]
    words: str = ""


def chosen(
    request: HttpRequest, rows: QuerySet[M], *, narrow: Callable[..., Any], field: str, what: str = "machine"
) -> Chosen[M]:
    """Those of the rows that the form under a list names; Refusal where nothing is ticked.

    `narrow` is the list's own filter set, `field` the name of its ticks.
    """
    if request.POST.get("which") == "all":
        query = QueryDict(request.POST.get("query", ""))
        narrowed = narrow(query, queryset=rows, request=request)
        if not narrowed.is_valid():  # or it would be about everything
            raise Refusal("The filter means nothing any more. Look at the list once more. Nothing was done.")
        chips = in_force(narrowed.form, query)
        searched = [f"“{query[SEARCH]}”"] if query.get(SEARCH) else []
        return Chosen(narrowed.qs, ", ".join([*searched, *(f"{chip.label}: {chip.value}" for chip in chips)]))
    name = "shown" if request.POST.get("which") == "page" else field
    pks = [int(pk) for pk in request.POST.getlist(name) if pk.isdecimal() and len(pk) < 19]
    if not pks:
        raise Refusal(f"No {what} is ticked. Tick those that you mean, or choose all of them.")
    return Chosen(rows.filter(pk__in=pks))
