"""The handshake with a machine's screen, up to where a viewer sends ClientInit (RFC 6143, section 7.1)."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.rfb import vencrypt
from ganeti_webmgr.consoles.rfb.reading import exactly, number
from ganeti_webmgr.consoles.rfb.vncauth import answer

GREETING = re.compile(rb"RFB 003\.(\d{3})\n")
NONE, VNC_PASSWORD, VENCRYPT = 1, 2, 19
NAMES = {NONE: "no password", VNC_PASSWORD: "a VNC password", VENCRYPT: "VeNCrypt"}
LONGEST_REASON = 4096


@dataclass(frozen=True)
class Credentials:
    """What a cluster's screens may ask for. `node` is the name in their certificates."""

    password: str = ""
    ca_pem: str = ""
    node: str = ""


def silent(step: str) -> None:
    """Says nothing of the steps."""


def greet(
    connection: socket.socket, credentials: Credentials, say: Callable[[str], None] = silent
) -> socket.socket:
    """The connection, ready for ClientInit; another socket around it where the screen speaks TLS.

    Ended says which step failed. `say` hears of each that went well.
    """
    try:
        minor = _version(connection, say)
        kind = _security(connection, minor)
        say(f"Security: {NAMES[kind]}.")
        if kind == VENCRYPT:
            connection, asks_password = vencrypt.wrapped(
                connection, credentials.ca_pem, credentials.node, say
            )
        else:
            asks_password = kind == VNC_PASSWORD
        if asks_password:
            _password(connection, credentials.password)
        if asks_password or minor >= 8 or kind == VENCRYPT:  # 3.7 says nothing after "none": section 7.1.2
            _result(connection, minor, asked_password=asks_password)
            say("The screen lets us in.")
    except TimeoutError:
        raise Ended(endings.GREETING, "It stopped in the middle of the greeting.") from None
    except OSError as error:
        raise Ended(endings.GREETING, "It closed in the middle of the greeting.") from error
    return connection


def _version(connection: socket.socket, say: Callable[[str], None]) -> int:
    greeting = exactly(connection, 12)
    match = GREETING.fullmatch(greeting)
    if not match:
        raise Ended(endings.GREETING)
    say(f"Greeting: {greeting.decode().strip()}.")
    # 3.3, 3.7 and 3.8 are all there are; others are to be taken for the one before (section 7.1.1).
    offered = int(match[1])
    minor = 8 if offered >= 8 else 7 if offered == 7 else 3
    connection.sendall(f"RFB 003.{minor:03}\n".encode())
    return minor


def _security(connection: socket.socket, minor: int) -> int:
    offered = [number(connection, 4)] if minor == 3 else list(exactly(connection, number(connection, 1)))
    if offered in ([], [0]):
        raise Ended(endings.SECURITY, _reason(connection))
    for kind in (VENCRYPT, NONE, VNC_PASSWORD):
        if kind in offered:
            if minor > 3:
                connection.sendall(bytes([kind]))
            return kind
    raise Ended(endings.SECURITY, f"It offers kind {', '.join(map(str, offered))}.")


def _password(connection: socket.socket, password: str) -> None:
    challenge = exactly(connection, 16)
    if not password:
        raise Ended(endings.PASSWORD, "None is configured.")
    connection.sendall(answer(challenge, password))


def _result(connection: socket.socket, minor: int, *, asked_password: bool) -> None:
    if number(connection, 4) == 0:
        return
    reason = _reason(connection) if minor >= 8 else ""
    raise Ended(endings.PASSWORD if asked_password else endings.SECURITY, reason)


def _reason(connection: socket.socket) -> str:
    length = min(number(connection, 4), LONGEST_REASON)
    return exactly(connection, length).rstrip(b"\0").decode("utf-8", errors="replace")  # QEMU ends it so
