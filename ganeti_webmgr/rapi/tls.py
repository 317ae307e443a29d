"""How a client makes sure that it talks to the right cluster. There is no default: it is a choice."""

from __future__ import annotations

import hashlib
import socket
import ssl
from dataclasses import dataclass

from .address import Address
from .errors import Invalid, TlsFailed, Unreachable


@dataclass(frozen=True)
class SystemCA:
    """The certificate must be signed by a CA that this machine trusts, and be for this host name."""

    fingerprint = None

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context()


@dataclass(frozen=True)
class OwnCA:
    """The certificate must be signed by one of these CAs and be for this host name.

    Ganeti's own default certificate names no host (Reference 1.1): pin that one instead.
    """

    pem: str
    fingerprint = None

    def __post_init__(self) -> None:
        self.context()

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cadata=self.pem)
        except (ssl.SSLError, ValueError) as error:
            raise Invalid("This is not a CA certificate in PEM form") from error
        return context


@dataclass(frozen=True)
class Pinned:
    """The server must show exactly the certificate with this SHA-256 fingerprint."""

    sha256: str

    def __post_init__(self) -> None:
        digits = self.sha256.replace(":", "").replace(" ", "").lower()
        if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
            raise Invalid("A SHA-256 fingerprint has 64 hexadecimal digits")
        object.__setattr__(self, "sha256", digits)

    @property
    def fingerprint(self) -> str:
        return self.sha256

    def context(self) -> ssl.SSLContext:
        return _unverified()


@dataclass(frozen=True)
class Unverified:
    """Nothing is checked: whoever sits in between may read the password. Also what plain HTTP needs."""

    fingerprint = None

    def context(self) -> ssl.SSLContext:
        return _unverified()


Tls = SystemCA | OwnCA | Pinned | Unverified


def not_secure(error: Exception, *, method: str = "", path: str = "") -> Unreachable:
    """The error for a handshake that failed, though not for the certificate's sake.

    Whoever hangs up in the middle may well speak TLS: a forwarder does that when nobody is behind it.
    """
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Unreachable("The connection broke off before it was secure", method=method, path=path)
    return TlsFailed("No secure connection: is there TLS at this port?", method=method, path=path)


def fetch_fingerprint(url: str, *, timeout_s: float = 10) -> str:
    """The SHA-256 of the certificate that the server shows now, as `AB:CD:..`, for a person to compare."""
    address = Address.of(url)
    if address.scheme != "https":
        raise Invalid("There is no certificate without https")
    try:
        with (
            socket.create_connection((address.host, address.port), timeout=timeout_s) as plain,
            _unverified().wrap_socket(plain, server_hostname=address.host) as secure,
        ):
            certificate = secure.getpeercert(binary_form=True)
    except ssl.SSLError as error:
        raise not_secure(error) from error
    except OSError as error:
        raise Unreachable(f"No connection: {error.strerror or error}") from error
    if not certificate:
        raise TlsFailed("The server shows no certificate")
    return hashlib.sha256(certificate).digest().hex(":").upper()


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
