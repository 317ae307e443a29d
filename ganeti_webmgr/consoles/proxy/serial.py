"""Serial lines: a socket that this host can reach, or a relay command of the site's own.

Both come from the site's settings, by cluster, and never from an answer of the API or from a web page: the
command has fixed arguments, and learns which machine is meant from its environment.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import threading

from django.conf import settings

from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.proxy.line import Connection, Far, Terminal
from ganeti_webmgr.vms.models import VirtualMachine

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")


def reach(vm: VirtualMachine, *, node: str, machine: str) -> tuple[Far, str]:
    """The machine's serial line, and where it is; Ended where there is no way."""
    slug = vm.cluster.slug
    # They become part of a path: nothing that could lead out of its directory.
    if not NAME.fullmatch(node) or not NAME.fullmatch(machine):
        raise Ended(endings.RELAY, "The cluster told a name that is none.")
    if shape := settings.SERIAL_SOCKETS.get(slug):
        return _socket(shape.replace("{node}", node).replace("{machine}", machine).replace("{uuid}", vm.uuid))
    if command := settings.SERIAL_RELAYS.get(slug):
        known = {"GWM_CLUSTER": slug, "GWM_NODE": node, "GWM_MACHINE": machine, "GWM_UUID": vm.uuid}
        return _relay(command, known)
    raise Ended(endings.NO_SERIAL)


def _socket(path: str) -> tuple[Far, str]:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(settings.CONSOLE_CONNECT_TIMEOUT_S)
    try:
        connection.connect(path)
    except OSError as error:
        connection.close()
        raise Ended(endings.RELAY, f"Its socket: {(error.strerror or 'no answer').lower()}.") from None
    connection.settimeout(None)
    return Connection(connection), "serial socket"


def _relay(command: list[str], known: dict[str, str]) -> tuple[Far, str]:
    """A run of the command on a terminal of its own, in its own session, so that it ends as a whole."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={"PATH": os.environ.get("PATH", os.defpath), "TERM": "xterm-256color", **known},
            start_new_session=True,
            close_fds=True,
        )
    except OSError as error:
        os.close(ours)
        raise Ended(endings.RELAY, f"Its relay command: {(error.strerror or 'failed').lower()}.") from None
    finally:
        os.close(theirs)

    ending = threading.Lock()

    def end() -> None:
        if not ending.acquire(blocking=False):
            return  # done, or being done
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGHUP)
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    return Terminal(ours, end), "relay command"
