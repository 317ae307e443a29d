"""Connections that tell "nothing was sent" from "the answer was lost", and that end in time."""

from __future__ import annotations

import io
from http.client import HTTPResponse, IncompleteRead
from time import monotonic
from typing import TYPE_CHECKING, Any

import urllib3.connection
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util import parse_url

if TYPE_CHECKING:
    import socket

    from requests import PreparedRequest

    from .tls import Tls


class NotConnected(Exception):
    """The connection did not come about, so not a byte of the request was sent."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class AnswerLost(Exception):
    """The request was sent, at least in part, and no whole answer came back."""


class _Bounded(io.RawIOBase):
    """Reads a socket until a moment; `requests` itself bounds only the silence between two packets."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, *, until: float) -> None:
        self._raw = raw
        self._sock = sock
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        # urllib3 has just set the socket's timeout to what the caller allows for the answer.
        until = monotonic() + (sock.gettimeout() or 0)
        self.fp = io.BufferedReader(_Bounded(self.fp.detach(), sock, until=until))


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _Response

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NotConnected(error) from error


class _SecureConnection(urllib3.connection.HTTPSConnection):
    response_class = _Response

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NotConnected(error) from error


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

    def _validate_conn(self, conn: Any) -> None:
        # Without the warning at each request: to verify nothing was somebody's explicit choice.
        if conn.is_closed:
            conn.connect()


class Adapter(HTTPAdapter):
    """Carries requests over such connections; the TLS choice alone decides who is trusted."""

    def __init__(self, tls: Tls, *, connections: int) -> None:
        self._tls = tls
        super().__init__(pool_connections=1, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(
            *args,
            ssl_context=self._tls.context(),
            assert_fingerprint=self._tls.fingerprint,
            **kwargs,
        )
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        address = parse_url(request.url or "")
        return {"scheme": address.scheme, "host": address.host, "port": address.port}, {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Adds nothing: neither the environment nor a bundled list of CAs may widen the choice."""

    def exchange(
        self, request: PreparedRequest, *, connect_s: float, answer_s: float, max_bytes: int
    ) -> tuple[int, bytes]:
        """Status and whole body of the answer; raises `NotConnected` or `AnswerLost`.

        No session is involved, so nothing can follow redirects, keep cookies or read the environment.
        """
        try:
            response = self.send(request, stream=True, timeout=(connect_s, answer_s))
        except RequestException as error:
            raise AnswerLost(_innermost(error)) from error
        with response:
            try:
                return response.status_code, _read(response.raw, max_bytes)
            except (HTTPError, OSError, ValueError) as error:
                raise AnswerLost(_innermost(error)) from error


def _read(raw: Any, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in raw.stream(65536, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            raise ValueError(f"The answer is longer than {max_bytes} bytes")
    return bytes(body)


def _innermost(error: BaseException) -> str:
    """The words of the error at the root, without the URL that the outer ones repeat."""
    while True:
        inner = getattr(error, "reason", None) or next(
            (arg for arg in error.args if isinstance(arg, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        error = inner
    if isinstance(error, ReadTimeoutError | TimeoutError):
        return "The answer took too long"
    if isinstance(error, IncompleteRead):
        return "The answer was cut off"
    return (
        getattr(error, "strerror", None) or str(error.args[0] if error.args else "") or type(error).__name__
    )
