"""Where a request comes from: the person, the address, and the number that its log lines carry."""

from __future__ import annotations

import getpass
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Origin:
    """Of what is recorded meanwhile. `request` gives the person, who may sign in on the way."""

    address: str = ""
    request_id: str = ""
    request: HttpRequest | None = None

    @property
    def user(self) -> Any:
        """Who is signed in, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None


_current: ContextVar[Origin] = ContextVar("origin")
ELSEWHERE = Origin()


def current() -> Origin:
    """Where the present request comes from; without one, a worker or a command."""
    return _current.get(ELSEWHERE)


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """What is recorded meanwhile comes from that address: for processes that serve people otherwise."""
    token = _current.set(Origin(address, secrets.token_hex(8)))
    try:
        yield
    finally:
        _current.reset(token)


def shell() -> str:
    """Who runs a command, in words: nobody is signed in there."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        name = f"user {os.getuid()}"
    return f"{name} on the command line"


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Notes the origin of each request for as long as it lasts, and gives its number back in a header."""

    def noting(request: HttpRequest) -> HttpResponse:
        origin = Origin(client_address(request), secrets.token_hex(8), request)
        token = _current.set(origin)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        response.headers.setdefault("X-Request-ID", origin.request_id)
        return response

    return noting


def client_address(request: HttpRequest) -> str:
    """The browser's address; behind our proxy the one that the proxy saw, which comes last."""
    if settings.BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
