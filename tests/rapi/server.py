"""A real server on loopback that hears what arrives and answers as a test says."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Heard:
    """A request as it came over the wire."""

    head: str
    raw_body: bytes

    @property
    def method(self) -> str:
        return self.head.split(" ", 1)[0]

    @property
    def target(self) -> str:
        return self.head.split(" ", 2)[1]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> Any:
        return json.loads(self.raw_body) if self.raw_body else None


Script = Callable[[socket.socket, Heard], None]


def says(body: Any, *, status: int = 200, raw: bytes | None = None) -> Script:
    """Answers this, in the form of Ganeti's daemon."""
    data = json.dumps(body).encode() + b"\n" if raw is None else raw

    def script(connection: socket.socket, _: Heard) -> None:
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nConnection: close\r\n"
        connection.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)

    return script


def complains(status: int, message: str) -> Script:
    """Answers with an error of Ganeti's."""
    return says(
        {"code": status, "message": message, "explain": "Server got itself in trouble"}, status=status
    )


class Server:
    """Serves until the end of its block; `heard` is what came, `script` what it does about it."""

    def __init__(self, script: Script | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.script = script or says(None)
        self.heard: list[Heard] = []
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._over = threading.Event()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        # Accepting does not end by closing alone.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def hang(self, connection: socket.socket, _: Heard) -> None:
        """A script: answers nothing, and lets go when the server ends."""
        self._over.wait(30)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                heard = _hear(connection)
                if heard:
                    self.heard.append(heard)
                    self.script(connection, heard)
        except OSError:
            connection.close()


def _hear(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
        if data.startswith(b"\x16"):  # the beginning of TLS, which a plain server takes for nonsense
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    heard = Heard(head.decode("ascii"), b"")
    length = int(heard.headers.get("content-length", 0))
    while len(body) < length:
        body += connection.recv(65536)
    return Heard(head.decode("ascii"), body)
