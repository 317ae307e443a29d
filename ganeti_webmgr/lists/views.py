"""What can be done with any list."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.lists.choosing import choose_columns
from ganeti_webmgr.lists.exports import as_csv
from ganeti_webmgr.lists.loading import address, get_table
from ganeti_webmgr.permissions.listing import narrowed
from ganeti_webmgr.ui import sheets
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import ordered


@require_POST
def columns(request: Request, key: str) -> HttpResponse:
    """Keeps the columns that the person wants to see of the list, or takes the choice back."""
    table = get_table(request.user, key, personal=True)
    chosen = None if "reset" in request.POST else request.POST.getlist("column")
    choose_columns(request.user, table, chosen)
    return redirect(address(table, QueryDict(request.POST.get("query", ""))))


@require_POST
def export(request: Request, key: str) -> HttpResponseBase:
    """What the list has under this address, all pages of it, as a file; who takes it is recorded."""
    table = get_table(request.user, key)
    filtered = narrowed(request, table, table.whole().rows())
    if not filtered.is_valid():  # more than was meant must not leave: the list says what is wrong
        return redirect(address(table, request.GET))
    _, order = ordered(request, table.sorts, table.default, [])
    rows = filtered.qs.order_by(*order)
    filters = {name: request.GET[name] for name in filtered.form.fields if request.GET.get(name)}
    record(
        "list.exported",
        Subject("list", None, table.name),
        by=request.user,
        after={"format": "csv", "rows": rows.count(), **filters},
    )
    return sheets.attachment(as_csv(table, rows), name=f"{key}.csv", content_type=sheets.CSV)
