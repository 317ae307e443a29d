"""One connection of a browser: let in, connected, relayed, and told why it ends."""

from __future__ import annotations

import contextlib
import logging
import socket
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, connections
from websockify import websocketproxy

from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended, short
from ganeti_webmgr.consoles.models import Kind
from ganeti_webmgr.consoles.origins import canonical
from ganeti_webmgr.consoles.proxy import polling
from ganeti_webmgr.consoles.proxy.admission import admit
from ganeti_webmgr.consoles.proxy.opening import open_line
from ganeti_webmgr.consoles.proxy.visit import Visit, close
from ganeti_webmgr.consoles.proxy.websocket import TICKET, TooLong, WebSocket
from ganeti_webmgr.consoles.rfb.downstream import NotRFB, handshake
from ganeti_webmgr.consoles.rfb.messages import Garbage

if TYPE_CHECKING:
    from ganeti_webmgr.consoles.proxy.server import Server

websocketproxy.select = polling
_log = logging.getLogger(__name__)

HANDSHAKE_S = 10
DRAIN_S = 2


class Handler(websocketproxy.ProxyRequestHandler):  # type: ignore[misc]  # it has no types
    """websockify's, with our own ways in and out; the relay between them is websockify's."""

    server: Server
    timeout = HANDSHAKE_S  # for each read of a browser until it is let in
    SocketClass = WebSocket
    server_version, sys_version = "console", ""

    def auth_connection(self) -> None:
        """Refuses pages of other sites before they use up anything: a browser tells its page truly."""
        self.origin = canonical(self.headers.get("Origin", ""))
        if not self.origin or len(self.headers.get_all("Origin")) > 1:
            self.send_error(403, "The page's origin is missing or none")
            raise self.server.EClose("no origin")
        if self.path.partition("?")[0] != "/console/ws":
            self.send_error(404)
            raise self.server.EClose("no such path")

    def new_websocket_client(self) -> None:
        """Called once the websocket is open, so that what goes wrong can be told."""
        visit = None
        try:
            visit = self._admitted()
            self._relayed(visit)
        except Ended as ended:
            self._say_goodbye(visit, ended)
        except (Garbage, NotRFB, TooLong):
            self._say_goodbye(visit, Ended(endings.GARBLED))
        except OSError:  # the browser is gone, or the screen in the middle of something
            self._say_goodbye(visit, Ended(endings.LEFT if visit and visit.line else endings.CLOSED))
        except Error as error:
            _log.warning("A console is refused: the database does not answer (%s).", type(error).__name__)
            self._say_goodbye(visit, Ended(endings.NO_DATABASE))
        finally:
            if visit and visit.line:
                visit.line.close()
            connections.close_all()

    def _admitted(self) -> Visit:
        admitted = admit(self._ticket(), session_key=self._session_key(), origin=self.origin)
        visit = Visit(admitted.console, admitted.visitor, self.connection)
        self.server.let_in(self.connection, visit)
        return visit

    def _relayed(self, visit: Visit) -> None:
        console = visit.console
        line, place = open_line(console.vm, console.kind, watch_only=console.watches_only)
        visit.open(line, place)
        connections.close_all()  # a console holds no connection to the database
        if console.kind == Kind.SCREEN:
            line.send(self._greeted())
        self.connection.settimeout(None)
        try:
            self.do_proxy(line)
        except self.CClose as closed:
            # One side has closed: our own watch, which said why, the browser, or the machine.
            raise visit.ended or Ended(_who_closed(closed)) from None

    def _greeted(self) -> bytes:
        """Greets the browser; what it sent already beyond that comes back."""
        received = b""
        steps = handshake()
        sending, wanted = next(steps)
        with contextlib.suppress(StopIteration):
            while True:
                self.request.sendmsg(sending)
                while len(received) < wanted:
                    try:
                        pieces, closed = self.recv_frames()
                    except TimeoutError:
                        raise NotRFB from None
                    received += b"".join(pieces)
                    if closed:
                        raise Ended(endings.CLOSED)
                answer, received = received[:wanted], received[wanted:]
                sending, wanted = steps.send(answer)
        return received

    def _say_goodbye(self, visit: Visit | None, ended: Ended) -> None:
        if visit:
            with contextlib.suppress(Error):  # the row is closed as lost, later
                close(visit.console, visit.ended or ended, visit.traffic)
        said = visit.ended if visit and visit.ended else ended
        with contextlib.suppress(OSError):
            self.connection.settimeout(DRAIN_S)
            self.send_close(said.ending.code, short(said.detail))
            # What is unread when a socket is closed makes it a reset, and the browser would never see why.
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(65536):
                pass

    def _ticket(self) -> str:
        offered = self.headers.get("Sec-WebSocket-Protocol", "").split(",")
        return next((each.strip()[len(TICKET) :] for each in offered if each.strip().startswith(TICKET)), "")

    def _session_key(self) -> str:
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        found = cookies.get(settings.SESSION_COOKIE_NAME)
        return found.value if found else ""

    def log_message(self, message: str, *args: object) -> None:
        # Never the headers; the path has no secret, and is of no use.
        _log.debug("%s %s", self.client_address[0], message % args)


def _who_closed(closed: Exception) -> endings.Ending:
    return endings.LEFT if "Target" in str(closed.args[1]) else endings.CLOSED
