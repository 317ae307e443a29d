"""Errors as Ganeti's HTTP server words them."""

from __future__ import annotations

import html
from http.server import BaseHTTPRequestHandler
from typing import Any

_EXPLAIN: dict[int, tuple[str, str]] = {
    int(code): texts for code, texts in BaseHTTPRequestHandler.responses.items()
}
_OWN = {
    401: ("Unauthorized", "No permission -- see authorization schemes"),
    415: ("Unsupported Media Type", "Entity body in unsupported format"),
    400: ("Bad Request", "Bad request syntax or unsupported method"),
    403: ("Forbidden", "Request forbidden -- authorization will not help"),
    404: ("Not Found", "Nothing matches the given URI"),
    500: ("Internal Server Error", "Server got itself in trouble"),
    501: ("Not Implemented", "Server does not support this operation"),
    502: ("Bad Gateway", "Invalid responses from another server/proxy"),
    503: ("Service Unavailable", "The server cannot process the request due to a high load"),
    504: ("Gateway Timeout", "The gateway server did not receive a timely response"),
}


class HttpError(Exception):
    """Ends a request with that status; the message defaults to the status's own words."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message

    def body(self, *, escape_quotes: bool) -> dict[str, Any]:
        words, explain = _OWN.get(self.status) or _EXPLAIN[self.status]
        text = html.escape(self.message or words, quote=escape_quotes)
        return {"code": self.status, "message": text, "explain": explain}


def reason_phrase(status: int) -> str:
    return "OK" if status == 200 else (_OWN.get(status) or _EXPLAIN[status])[0]


def not_found() -> HttpError:
    return HttpError(404)


def bad_request(message: str) -> HttpError:
    return HttpError(400, message)


def internal(message: str | None = None) -> HttpError:
    """An exception nobody caught: status 500 with its text."""
    return HttpError(500, message)


def parse_failure(message: str) -> HttpError:
    """The query daemon could not read what it was sent."""
    return HttpError(502, f"Failed to parse request: {message}")
