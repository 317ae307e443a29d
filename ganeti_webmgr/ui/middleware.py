"""What every request passes through: headers, and the page of a refusal."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.refusal import Refusal

OFF = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def browser_permissions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Switches off what no page of ours asks a browser for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", OFF)
        return response

    return middleware


def no_null_bytes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 where the address or the form holds a null byte.

    Nobody can type one, no name holds one, and PostgreSQL cannot store or compare one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        typed = (
            value for data in (request.GET, request.POST) for _, values in data.lists() for value in values
        )
        if "\0" in request.path_info or any("\0" in value for value in typed):
            raise BadRequest("A null byte")
        return get_response(request)

    return middleware


class Refusals:
    """Answers a Refusal from anywhere below with its status, and a page that shows its reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        in_place = getattr(request, "htmx", False) and request.method == "POST"
        if in_place:
            messages.error(request, str(exception))
        context = {"title": exception.title, "reason": str(exception)}
        response = pages.page(request, "refused.html", context, status=exception.status)
        if in_place:
            response["HX-Reswap"] = "none"  # the page stays as it is; the message comes beside it
        return response
