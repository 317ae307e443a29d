"""Requests as Ganeti reads them; what it would misread is refused before it is sent (Reference 1.3, 1.4)."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import requests

from .errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_HEADERS = 4096
MAX_REQUEST_LINE = 8192

_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def segment(name: str) -> str:
    """The name as a part of a path: Ganeti does not decode paths, so nothing else can be in one."""
    if not _NAME.fullmatch(name) or name in {".", ".."}:
        raise Invalid(f"{name!r} cannot be the name of anything in Ganeti")
    return name


def plain(text: str) -> str:
    """The text as Ganeti will hold it: where its daemons run without a locale, a job with anything but ASCII
    in it cannot be written to the queue, and fails to be submitted.
    """
    return text.encode("ascii", "backslashreplace").decode("ascii")


def headers(*, user: str, password: str, user_agent: str) -> dict[str, str]:
    """What goes with each request. Ganeti reads credentials as ASCII only (Reference 1.2)."""
    if not user or ":" in user:
        raise Invalid("A user name has at least one character and no colon")
    if not all(_is_plain(text) for text in (user, password, user_agent)):
        raise Invalid("Ganeti takes only ASCII characters in user name, password and user agent")
    token = base64.b64encode(f"{user}:{password}".encode("ascii")).decode("ascii")
    return {
        "User-Agent": user_agent,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        # As Ganeti does anyway; behind a proxy, a stale connection would make a write's outcome unknown.
        "Connection": "close",
        "Authorization": f"Basic {token}",
    }


def prepare(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Sequence[tuple[str, str]],
    body: Any,
) -> requests.PreparedRequest:
    """The request, ready to be sent."""
    for argument, value in query:
        _check_argument(argument, value)
    data = None
    if body is not None:
        # Escaped, because raw UTF-8 hangs the server; the type exactly so, because a charset is refused.
        headers = {**headers, "Content-Type": "application/json"}
        data = _dump(body)
    try:
        request = requests.Request(
            method, url, headers=dict(headers), params=list(query), data=data
        ).prepare()
    except (requests.RequestException, UnicodeError) as error:
        raise Invalid("This cannot be put into a request") from error
    _check_size(request)
    return request


def _dump(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=True, allow_nan=False).encode("ascii")
    except (TypeError, ValueError) as error:
        # Without the text of the error, which may show a value.
        raise Invalid("The body cannot be written as JSON") from error


def _check_argument(argument: str, value: str) -> None:
    if not value:
        raise Invalid(f"{argument} is empty, which the server would read as absent")
    if argument == "lock":
        raise Invalid("lock always fails (Reference 1.6)")
    if argument == "reason" and value.startswith("rate-limit:"):
        raise Invalid("A reason that begins with rate-limit: would hold back jobs (Reference 5.6)")


def _check_size(request: requests.PreparedRequest) -> None:
    if len(f"{request.method} {request.path_url} HTTP/1.1") > MAX_REQUEST_LINE:
        raise Invalid("The request is too long for its URL: the server would cut the connection")
    host = len(request.url or "")  # more than the Host header will be
    if host + sum(len(name) + len(value) + 4 for name, value in request.headers.items()) > MAX_HEADERS:
        raise Invalid("User agent and credentials are too long: the server would cut the connection")


def _is_plain(text: str) -> bool:
    return text.isascii() and (text.isprintable() or not text)
