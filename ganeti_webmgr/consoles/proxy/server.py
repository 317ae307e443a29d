"""The listening end: a thread for each browser, and a list of who is inside."""

from __future__ import annotations

import logging
import socket
import threading
import time
from http.server import HTTPServer
from socketserver import ThreadingMixIn
from typing import Any

from django.conf import settings

from ganeti_webmgr.consoles.proxy.handler import Handler
from ganeti_webmgr.consoles.proxy.visit import Visit

_log = logging.getLogger(__name__)

BACKLOG = 128
HEARTBEAT_S = 25  # reverse proxies cut what is silent for a minute
MOST_AT_THE_DOOR = 100
AT_THE_DOOR_S = 30


class Server(ThreadingMixIn, HTTPServer):
    """Listens on a socket that is open already."""

    daemon_threads = True
    # What websockify's handler asks its server for.
    only_upgrade = True
    heartbeat = HEARTBEAT_S
    unix_listen = token_plugin = auth_plugin = wrap_cmd = None

    class EClose(Exception):
        """The connection was refused before it became a websocket."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(listening.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.socket.listen(BACKLOG)
        self._lock = threading.Lock()
        self._at_the_door: dict[socket.socket, float] = {}
        self._inside: dict[socket.socket, Visit] = {}

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for one more who is not let in yet."""
        with self._lock:
            if len(self._at_the_door) >= MOST_AT_THE_DOOR or len(self._inside) > settings.CONSOLE_MOST:
                return False
            self._at_the_door[request] = time.monotonic()
            return True

    def let_in(self, request: socket.socket, visit: Visit) -> None:
        """Somebody has shown a good ticket."""
        with self._lock:
            self._at_the_door.pop(request, None)
            self._inside[request] = visit

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._at_the_door.pop(request, None)
            self._inside.pop(request, None)
        super().shutdown_request(request)

    def visits(self) -> list[Visit]:
        """Those that are inside now."""
        with self._lock:
            return list(self._inside.values())

    def at_the_door(self) -> int:
        """How many have not shown a good ticket yet."""
        with self._lock:
            return len(self._at_the_door)

    def show_out_the_slow(self) -> None:
        """Ends connections that have taken too long to say what they want."""
        with self._lock:
            late = time.monotonic() - AT_THE_DOOR_S
            slow = [request for request, since in self._at_the_door.items() if since < late]
        for request in slow:
            _hang_up(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.debug("A connection of %s broke.", client_address, exc_info=True)


def _hang_up(request: socket.socket) -> None:
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        _log.debug("It has gone already.")
