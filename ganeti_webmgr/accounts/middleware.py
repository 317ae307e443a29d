"""What stands between a person and the pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def temporary_password(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Leads somebody with a password made by another to the page where it is replaced, and nowhere else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        open_paths = (reverse("password_change"), reverse("account_logout"), reverse("theme"))
        if user.is_authenticated and user.password_is_temporary and request.path not in open_paths:
            return redirect("password_change")
        return get_response(request)

    return middleware
