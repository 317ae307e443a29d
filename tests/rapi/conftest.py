"""A server for the client under test, and the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ganeti_webmgr import rapi

from .server import Server

Connect = Callable[..., rapi.Client]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Makes clients of the server."""
    clients = []

    def connect(**settings: Any) -> rapi.Client:
        given = {
            "user": "gwm",
            "password": "secret-7",
            "tls": rapi.Unverified(),
            "version": "3.0",
            **settings,
        }
        client = rapi.Client(server.url, **given)
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(connect: Connect) -> rapi.Client:
    return connect()
