"""The web process, one port: pages as WSGI in eight threads, event streams as raw ASGI.

Django's own ASGI handler would hold a thread, and a database connection, for every open stream.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from ganeti_webmgr.ui.heap import set_apart_what_stays
from ganeti_webmgr.ui.stack import on_one_piece

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ganeti_webmgr.settings")
django: Any = get_wsgi_application()
pages: Any = WSGIMiddleware(on_one_piece(django), workers=8)

# Django must be set up before. All addresses with their views: else the first visitor waits for them.
import ganeti_webmgr.urls  # noqa: E402, F401
from ganeti_webmgr.live.events import EventStreams  # noqa: E402

if TYPE_CHECKING:
    from types import FrameType

    from ganeti_webmgr.live.events import Receive, Scope, Send

events = EventStreams()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Every request of the site."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        # Before it is accepted, closing is a 403. Consoles have a server of their own.
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].removeprefix(scope.get("root_path", "")) == "/events/":
        await events(scope, receive, send)
    else:
        # WSGI would take x_forwarded_proto for X-Forwarded-Proto, which a proxy vouches for.
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await pages({**scope, "headers": headers}, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    for number in (signal.SIGTERM, signal.SIGINT):
        _end_streams_on(number)
    set_apart_what_stays()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    events.close()
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_on(number: signal.Signals) -> None:
    """End the streams when the server is told to stop: it would wait for them until its patience ends."""
    server = signal.getsignal(number)
    loop = asyncio.get_running_loop()

    def end(signum: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(events.end_all)
        if callable(server):
            server(signum, frame)

    if threading.current_thread() is threading.main_thread():
        signal.signal(number, end)
