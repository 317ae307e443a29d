"""One HTTP request, read as strictly and as loosely as Ganeti's server reads it."""

from __future__ import annotations

import base64
import binascii
import socket
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .errors import HttpError

MAX_LINE, MAX_HEADERS = 8192, 4096


class Dropped(Exception):
    """The connection is to be closed without an answer; `after_s` says how long Ganeti would brood."""

    def __init__(self, after_s: float = 0) -> None:
        super().__init__()
        self.after_s = after_s


@dataclass(frozen=True, kw_only=True)
class Request:
    """What arrived. Tests find these in `cluster.requests`."""

    method: str
    path: str
    query: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def credentials(self) -> tuple[str, str] | None:
        """User and password, if they were sent in a form Ganeti understands."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        if not value.strip():
            raise HttpError(400, "Basic authentication requires credentials")
        try:
            user, colon, password = base64.b64decode(value).decode("ascii").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


def read_request(sock: socket.socket) -> Request:
    """The request; raises Dropped where Ganeti would hang up."""
    head, rest = _read_head(sock)
    line, *lines = head.split("\r\n")
    parts = line.split(" ")
    if len(line) > MAX_LINE or sum(map(len, lines)) > MAX_HEADERS:
        raise Dropped
    if len(parts) != 3 or not parts[2].startswith("HTTP/"):
        raise HttpError(400, "Bad request syntax")
    if parts[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise HttpError(505, None)
    headers = dict(_header(text) for text in lines)
    path, _, query = parts[1].partition("?")
    return Request(
        method=parts[0],
        path=path,
        query=parse_qs(query),
        headers=headers,
        body=_read_body(sock, rest, headers.get("content-length", "0")),
    )


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip().lower(), value.strip()


def _read_head(sock: socket.socket) -> tuple[str, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > MAX_LINE + 2 * MAX_HEADERS:
            raise Dropped
        chunk = sock.recv(16384)
        if not chunk:
            raise Dropped
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def _read_body(sock: socket.socket, body: bytes, length: str) -> bytes:
    if not length.isdigit():
        raise HttpError(400, "Bad request syntax")
    wanted = int(length)
    while len(body) < wanted:
        chunk = sock.recv(65536)
        if not chunk:
            raise Dropped
        body += chunk
    body = body[:wanted]
    if not body.isascii():
        # Ganeti counts characters where bytes were announced and waits for the rest.
        raise Dropped(after_s=10)
    return body
