"""Whether the site really answers, and under which address."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = _local(listener)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def first_answer(listener: socket.socket) -> int:
    """The status of the site's first answer, for which there is no limit of time."""
    host, port = _local(listener)
    while True:
        try:
            return await _status(host, port)
        except (ConnectionError, EOFError):
            # The web process took our request and died. The next one takes this one when it is there.
            continue


async def _status(host: str, port: int) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    with closing(writer):
        writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        line = await reader.readuntil(b"\r\n")
        return int(line.split()[1])


def _local(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104
