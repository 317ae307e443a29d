"""One connection from the first byte of TLS to its end, faults included."""

from __future__ import annotations

import json
import logging
import socket
import ssl
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING, Any

from ..faults import Fault
from ..routes import dispatch
from .errors import HttpError, internal, reason_phrase
from .listener import Listener, finish, reset
from .request import Dropped, Request, read_request

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

log = logging.getLogger(__name__)


class Server:
    """Answers the connections of one cluster."""

    def __init__(self, cluster: SimulatedCluster, listener: Listener, tls: ssl.SSLContext) -> None:
        self.cluster, self.listener, self.tls = cluster, listener, tls

    def serve(self, raw: socket.socket) -> None:
        if self.cluster.faults.take_refusal():
            reset(raw)
            return
        try:
            connection = self.tls.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
        except OSError:
            raw.close()
            return
        self.listener.remember(connection)
        try:
            connection.do_handshake()
            self._serve(connection)
        except OSError:
            connection.close()
        except Exception:
            log.exception("a request could not be answered")
            connection.close()

    def _serve(self, connection: ssl.SSLSocket) -> None:
        try:
            request = read_request(connection)
        except Dropped as dropped:
            self._later(dropped.after_s, lambda: reset(connection))
            return
        except HttpError as error:
            self._send(connection, *self._error(error))
            return
        healings = self.cluster.healings
        self.cluster.requests.append(request)
        fault = self.cluster.faults.take(request.method, request.path)
        if fault is None:
            self._send(connection, *self._answer(request))
        else:
            self._misbehave(connection, request, fault, since=healings)

    def _misbehave(self, connection: ssl.SSLSocket, request: Request, fault: Fault, *, since: int) -> None:
        match fault.kind:
            case "refuse":
                reset(connection)
            case "hang":
                self.cluster.keep_hanging(connection, since=since)
            case "slow":
                self._later(fault.delay_s, partial(self._answer_later, connection, request))
            case "lose_answer":
                self._answer(request)
                reset(connection)
            case "cut":
                whole = self._whole(*self._answer(request))
                connection.sendall(whole[: len(whole) - max(1, len(whole) // 3)])
                reset(connection)
            case "garbage":
                self._send(connection, 200, b'\x00\xff{"never": closed [[[')
            case "empty":
                self._send(connection, *self._emptied(*self._answer(request)))
            case "401":
                self._send(connection, *self._error(HttpError(401)))
            case "500":
                self._send(connection, *self._error(HttpError(500)))

    def _emptied(self, status: int, body: bytes) -> tuple[int, bytes]:
        value = json.loads(body)
        if isinstance(value, list):
            return status, b"[]\n"
        if isinstance(value, dict) and "data" in value:
            return status, _encode(value | {"data": []})
        return status, body

    def _answer_later(self, connection: ssl.SSLSocket, request: Request) -> None:
        def answer() -> None:
            try:
                self._send(connection, *self._answer(request))
            except OSError:
                connection.close()

        self.listener.submit(answer)

    def _later(self, seconds: float, call: Any) -> None:
        if seconds:
            self.cluster.timer.after(seconds, call)
        else:
            call()

    def _answer(self, request: Request) -> tuple[int, bytes]:
        try:
            value = dispatch(self.cluster, request)
        except HttpError as error:
            return self._error(error)
        except Exception as error:
            log.exception("%s %s could not be answered", request.method, request.path)
            return self._error(internal(str(error) or None))
        return 200, value if isinstance(value, bytes) else _encode(value)

    def _error(self, error: HttpError) -> tuple[int, bytes]:
        body = error.body(escape_quotes=self.cluster.config.release >= (3, 0))
        return error.status, _encode(body)

    def _send(self, connection: ssl.SSLSocket, status: int, body: bytes) -> None:
        connection.sendall(self._whole(status, body))
        finish(connection)

    def _whole(self, status: int, body: bytes) -> bytes:
        realm = 'WWW-Authenticate: Basic realm="Ganeti Remote API"\r\n' if status == 401 else ""
        head = (
            f"HTTP/1.1 {status} {reason_phrase(status)}\r\n{realm}"
            "Content-Type: application/json\r\nConnection: close\r\n"
            f"Date: {formatdate(usegmt=True)}\r\nServer: Ganeti {self.cluster.config.version}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _encode(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"
