"""One answer for a page and for its live fragment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page; for htmx only what stands in its `main` block, with its title and toasts.

    The template decides nothing: it extends `layout`, which the context processor sets.
    """
    response = render(request, template, context, status=status)
    # Else a browser going back may show the fragment it kept under the page's address.
    patch_vary_headers(response, ["HX-Request"])
    return response
