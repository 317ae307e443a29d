from __future__ import annotations

import socket
import time

import pytest

from tests.live.scene import Site, person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def first_line(site: Site, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(request.replace(b"\n", b"\r\n"))
        return client.recv(4096).split(b"\r\n")[0]


def test_pages_are_answered_beside_the_streams(site: Site) -> None:
    answer = site.ask("/healthz")
    assert (answer.status, answer.read()) == (200, b"ok\n")


def test_what_only_a_proxy_may_say_cannot_be_forged_with_underscores(redis_url: str) -> None:
    with Site(redis_url=redis_url, GWM_BEHIND_TLS="true") as site:
        assert site.ask("/healthz", **{"X-Forwarded-Proto": "https"}).status == 200
        assert site.ask("/healthz", X_Forwarded_Proto="https").status == 301


def test_a_websocket_is_refused_before_it_is_one(site: Site) -> None:
    upgrade = (
        b"GET /events/ HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\n"
        b"Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"
    )
    assert b" 403 " in first_line(site, upgrade)


def test_the_process_ends_at_once_though_streams_are_open(redis_url: str) -> None:
    with Site(redis_url=redis_url) as site:
        page = site.listen("thing:1", session=str(sign_in(person("alice", 1)).session_key))
        began = time.monotonic()
        site.process.terminate()
        page.ends_after()
        site.process.wait(timeout=10)
        # Not after the three seconds for which the server would wait.
        assert time.monotonic() - began < 2.5
