"""The way to a machine's screen or serial line, step by step."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from django.conf import settings

from ganeti_webmgr.clusters.secrets import Undecipherable, unseal
from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.models import ClusterConsoles, Kind
from ganeti_webmgr.consoles.proxy import serial
from ganeti_webmgr.consoles.proxy.line import Connection, Line, Typing
from ganeti_webmgr.consoles.rfb.messages import ViewerMessages
from ganeti_webmgr.consoles.rfb.upstream import Credentials, greet, silent
from ganeti_webmgr.consoles.target import Target, find, running
from ganeti_webmgr.vms.models import VirtualMachine

Say = Callable[[str], None]


def open_line(vm: VirtualMachine, kind: str, *, watch_only: bool) -> tuple[Line, str]:
    """The machine's end of the console, and where that is; Ended says which step failed."""
    if kind == Kind.SERIAL:
        instance, node = running(vm)
        far, place = serial.reach(vm, node=node.name, machine=instance.name)
        return Line(far, Typing(watch_only=watch_only)), place
    target = find(vm)
    line = Line(Connection(screen(vm, target)), ViewerMessages(watch_only=watch_only))
    return line, str(target)


def screen(vm: VirtualMachine, target: Target, say: Say = silent) -> socket.socket:
    """A connection to the machine's screen that waits for ClientInit."""
    timeout_s = settings.CONSOLE_CONNECT_TIMEOUT_S
    deadline = time.monotonic() + timeout_s
    try:
        connection = socket.create_connection((target.host, target.port), timeout=timeout_s)
    except TimeoutError:
        raise Ended(endings.PORT, f"{target}: no answer within {timeout_s} s.") from None
    except OSError as error:
        raise Ended(endings.PORT, f"{target}: {(error.strerror or 'cannot be reached').lower()}.") from None
    try:
        say(f"Port: {target.port} of {target.node} answers.")
        connection.setsockopt(socket.SOL_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(max(deadline - time.monotonic(), 1))
        greeted = greet(connection, _credentials(vm, target), say)
    except BaseException:
        connection.close()
        raise
    greeted.settimeout(None)
    return greeted


def _credentials(vm: VirtualMachine, target: Target) -> Credentials:
    known = ClusterConsoles.objects.filter(cluster=vm.cluster).first()
    if known is None:
        return Credentials(node=target.node)
    try:
        password = unseal(known.password) if known.password else ""
    except Undecipherable as error:
        raise Ended(endings.PASSWORD, str(error)) from None
    return Credentials(password=password, ca_pem=known.ca_pem, node=target.node)
