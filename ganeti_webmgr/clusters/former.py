"""Links that have a cluster's former short name in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ganeti_webmgr.clusters.models import FormerSlug
from ganeti_webmgr.ui.refusal import Refusal

# Whose addresses name a cluster by its slug.
SPACES = {"clusters", "nodes", "nodegroups", "vms", "consoles", "images"}


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Leads on from an address that is not there any more to where it is now, those who may see that."""

    def leading_on(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        return _led_on(request) or response

    return leading_on


def _led_on(request: HttpRequest) -> HttpResponse | None:
    match = request.resolver_match
    if match is None or match.namespace not in SPACES or "slug" not in match.kwargs:
        return None
    former = FormerSlug.objects.select_related("cluster").filter(slug=match.kwargs["slug"]).first()
    if former is None:
        return None
    kwargs: dict[str, Any] = {**match.kwargs, "slug": former.cluster.slug}
    if not _is_there(match.func, request, kwargs):
        return None  # and not even the new name is told
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse(match.view_name, kwargs=kwargs) + (f"?{query}" if query else ""))


def _is_there(view: Callable[..., HttpResponse], request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether the page answers this person; the page itself decides."""
    try:
        return view(request, **kwargs).status_code != 404
    except Http404:
        return False
    except Refusal:
        return True  # he may see it, and is told there why he may not do that
