"""These pages are for those from whom nothing is hidden; for all others they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.http import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]


def administrators_only(view: View[P]) -> View[P]:
    """The view, and Http404 for all others."""

    @wraps(view)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not policy.sees_all(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def require(by: User) -> None:
    """Denied for all others: for services, which trust no page."""
    if not policy.sees_all(by):
        raise policy.Denied("You may not decide about people and groups. An administrator can.")
