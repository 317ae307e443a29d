"""First questions to an address that nobody has used yet, each by itself and none with a password in it."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from typing import NamedTuple

from .address import Address
from .errors import BadAnswer, CertificateMismatch, Unreachable
from .tls import Tls, not_secure

PATIENCE_S = 10.0


class Welcome(NamedTuple):
    """How the cluster meets somebody who does not say who he is."""

    status: int
    clock_off_s: float | None  # how far its clock is ahead of ours; None where it does not tell the time

    @property
    def is_open(self) -> bool:
        """Whether anybody may read."""
        return self.status == 200


def resolve(url: str) -> list[str]:
    """The addresses that the host's name stands for; Unreachable where it stands for none."""
    address = Address.of(url)
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{address.host} is not known here: {_words(error)}") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def knock(host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
    """Nothing, where something listens at the port; else Unreachable."""
    try:
        socket.create_connection((host, port), timeout=timeout_s).close()
    except TimeoutError as error:
        raise Unreachable(f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise Unreachable(_words(error)) from error


def shake_hands(url: str, tls: Tls, *, timeout_s: float = PATIENCE_S) -> str:
    """The fingerprint of the server's certificate, verified in that way; CertificateMismatch or TlsFailed."""
    address = Address.of(url)
    try:
        with (
            socket.create_connection((address.host, address.port), timeout=timeout_s) as plain,
            tls.context().wrap_socket(plain, server_hostname=address.host) as secure,
        ):
            return _trusted(secure, tls)
    except ssl.SSLCertVerificationError as error:
        raise CertificateMismatch(f"Its certificate is not to be trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise not_secure(error) from error
    except OSError as error:
        raise Unreachable(f"The connection broke off: {_words(error)}") from error


def greet(url: str, tls: Tls, *, timeout_s: float = PATIENCE_S) -> Welcome:
    """What becomes of a question without a name or a password."""
    address = Address.of(url)
    connection = HTTPSConnection(address.host, address.port, timeout=timeout_s, context=tls.context())
    try:
        connection.connect()
        _trusted(connection.sock, tls)
        before = time.time()
        connection.request("GET", "/2/info", headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        # Its clock is told in whole seconds, which have half a second to go on average.
        ours = (before + time.time()) / 2
        return Welcome(answer.status, _ahead_s(answer.getheader("Date"), ours))
    except HTTPException as error:
        raise BadAnswer("The answer is not one of a web server") from error
    except ssl.SSLError as error:
        raise not_secure(error) from error
    except OSError as error:
        raise Unreachable(_words(error)) from error
    finally:
        connection.close()


def _ahead_s(date: str | None, ours: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() + 0.5 - ours if date else None
    except ValueError:
        return None


def _trusted(secure: ssl.SSLSocket, tls: Tls) -> str:
    found = hashlib.sha256(secure.getpeercert(binary_form=True) or b"").digest()
    if tls.fingerprint and found.hex() != tls.fingerprint:
        raise CertificateMismatch("The server shows another certificate than the pinned one")
    return found.hex(":").upper()


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error).lower()
