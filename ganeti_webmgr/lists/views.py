"""What can be done with any list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.lists.choosing import choose_columns
from ganeti_webmgr.lists.exports import as_csv, handed_out
from ganeti_webmgr.lists.forms import FilterForm
from ganeti_webmgr.lists.loading import address, get_table
from ganeti_webmgr.lists.models import SavedFilter
from ganeti_webmgr.lists.reading import lines, words
from ganeti_webmgr.lists.saving import change_filter, delete_filter, save_filter
from ganeti_webmgr.permissions.forms import add_errors
from ganeti_webmgr.permissions.listing import narrowed
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.filtering import understood
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import ordered

either = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def columns(request: Request, key: str) -> HttpResponse:
    """Keeps the columns that the person wants to see of the list, or takes the choice back."""
    table = get_table(request.user, key, personal=True)
    chosen = None if "reset" in request.POST else request.POST.getlist("column")
    choose_columns(request.user, table, chosen)
    return redirect(address(table, QueryDict(request.POST.get("query", ""))))


@require_safe
def filters(request: Request) -> HttpResponse:
    """The filters that the person saved, and those that are shared with him."""
    return pages.page(request, "lists/filters.html", {"lines": lines(request.user)})


@either
def save(request: Request, key: str) -> HttpResponse:
    """Saves what the list has under this address."""
    table = get_table(request.user, key, personal=True)
    filtered = narrowed(request, table, table.rows())
    query = understood(filtered.form, request.GET, table.sorts)
    form = FilterForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            save_filter(by=request.user, table=table, query=query, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(address(table, QueryDict(query)))
    context = {
        "form": form,
        "filter": filtered,
        "table": table,
        "words": words(table, query),
        "url": address(table, request.GET),
    }
    return pages.page(request, "lists/save.html", context, status=422 if form.errors else 200)


@either
def edit(request: Request, pk: int) -> HttpResponse:
    """Another name for a filter, or other people who see it."""
    saved = _filter(request, pk)
    initial = {"name": saved.name, "owner": saved.owner and saved.owner.slug}
    posted = request.POST if request.method == "POST" else None
    form = FilterForm(posted, initial=initial, user=request.user, saved=saved)
    if form.is_valid():
        try:
            change_filter(saved, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("lists:filters")
    context = {"form": form, "saved": _filter(request, pk)}
    return pages.page(request, "lists/filter.html", context, status=422 if form.errors else 200)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    saved = _filter(request, pk)
    delete_filter(saved, by=request.user)
    messages.success(request, f"Filter “{saved}” deleted.")
    return redirect("lists:filters")


def _filter(request: Request, pk: int) -> SavedFilter:
    rows = SavedFilter.objects.select_related("owner", "made_by")
    return get_permitted(request.user, "edit", rows, pk=pk)


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
    return handed_out(
        as_csv(table, rows), to=request.user, name=table.name, file=key, rows=rows.count(), filters=filters
    )
