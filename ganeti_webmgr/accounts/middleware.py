"""What stands between a person and the pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ganeti_webmgr.accounts import sessions
from ganeti_webmgr.accounts.zones import zones

View = Callable[[HttpRequest], HttpResponse]


def temporary_password(get_response: View) -> View:
    """Leads somebody with a password made by another to the page where it is replaced, and nowhere else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        open_paths = (reverse("password_change"), reverse("account_logout"), reverse("theme"))
        if user.is_authenticated and user.password_is_temporary and request.path not in open_paths:
            return redirect("password_change")
        return get_response(request)

    return middleware


def own_surroundings(get_response: View) -> View:
    """Shows times in the person's own zone, and keeps track of the address he comes from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        sessions.follow(request)
        with timezone.override(user.time_zone if user.time_zone in zones() else None):
            return get_response(request)

    return middleware
