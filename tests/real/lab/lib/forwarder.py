#!/usr/bin/python3
"""Relays TCP from loopback addresses of this machine into a network namespace.

usage: forwarder.py NETNS READY_FILE LISTEN_HOST:FIRST[-LAST]=TARGET_HOST:FIRST ...

The listening sockets are made here; then the process moves into the namespace,
so that the connections it opens are made there.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Awaitable, Callable, Iterator

CLONE_NEWNET = 0x40000000


def parse_rule(rule: str) -> Iterator[tuple[str, int, str, int]]:
    """Yields (listen host, listen port, target host, target port)."""
    listen, target = rule.split("=")
    listen_host, ports = listen.rsplit(":", 1)
    target_host, target_first = target.rsplit(":", 1)
    first, _, last = ports.partition("-")
    for offset in range(int(last or first) - int(first) + 1):
        yield listen_host, int(first) + offset, target_host, int(target_first) + offset


def listen_on(host: str, port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(128)
    return sock


def enter_netns(name: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    fd = os.open("/run/netns/" + name, os.O_RDONLY)
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


async def copy(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


def relay_to(host: str, port: int) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    async def relay(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            # Reset the connection, as a closed port would.
            writer.transport.abort()
            return
        try:
            await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))
        finally:
            writer.close()
            far_writer.close()

    return relay


async def serve(listeners: list[tuple[socket.socket, str, int]], ready_file: str) -> None:
    for sock, host, port in listeners:
        await asyncio.start_server(relay_to(host, port), sock=sock)
    Path(ready_file).touch()
    await asyncio.Event().wait()


def main() -> None:
    netns, ready_file, *rules = sys.argv[1:]
    listeners = [
        (listen_on(listen_host, listen_port), host, port)
        for rule in rules
        for listen_host, listen_port, host, port in parse_rule(rule)
    ]
    enter_netns(netns)
    asyncio.run(serve(listeners, ready_file))


if __name__ == "__main__":
    main()
