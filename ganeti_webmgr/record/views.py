"""The page of the record, and what is taken out of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.record.exports import EXPORTS
from ganeti_webmgr.record.filters import EventFilter
from ganeti_webmgr.record.reading import lines, visible
from ganeti_webmgr.ui import pages, sheets
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import long_listing

AT_A_TIME = 2000


@require_safe
def index(request: Request) -> HttpResponse:
    narrowed = EventFilter(request.GET, queryset=visible(request.user), request=request)
    found = long_listing(
        request, narrowed.first, of=Event.objects.all(), sorts={"time": "at"}, default="-time"
    )
    context = {"filter": narrowed, "listing": found, "lines": lines(request.user, found.page)}
    return pages.page(request, "record/list.html", context)


@require_POST
def export(request: Request, form: str) -> HttpResponseBase:
    """What the list shows, all pages of it, as a file; who takes it is recorded."""
    if form not in EXPORTS:
        raise Http404
    narrowed = EventFilter(request.GET, queryset=visible(request.user), request=request)
    if not narrowed.is_valid():  # more than was meant must not leave: the list says what is wrong
        return redirect(f"{reverse('record:index')}?{request.GET.urlencode()}")
    events = narrowed.qs.order_by("-at", "-pk")
    filters = {name: request.GET[name] for name in narrowed.form.fields if request.GET.get(name)}
    record("record.exported", by=request.user, after={"format": form, "events": events.count(), **filters})
    return sheets.attachment(
        EXPORTS[form].lines(events.iterator(chunk_size=AT_A_TIME)),
        name=f"record.{form}",
        content_type=EXPORTS[form].content_type,
    )
