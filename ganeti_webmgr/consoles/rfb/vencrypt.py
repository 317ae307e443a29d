"""VeNCrypt 0.2: RFB inside TLS, as QEMU speaks it with `vnc_tls` (rfbproto, section VeNCrypt)."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable

from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.rfb.reading import exactly, number

X509_NONE, X509_VNC = 260, 261
ANONYMOUS_NONE, ANONYMOUS_VNC = 257, 258
WITH_CERTIFICATE = (X509_NONE, X509_VNC)
WITH_PASSWORD = (X509_VNC, ANONYMOUS_VNC)
VERSION = bytes([0, 2])


def wrapped(
    connection: socket.socket, ca_pem: str, node: str, say: Callable[[str], None]
) -> tuple[ssl.SSLSocket, bool]:
    """The connection inside TLS, and whether a VNC password is asked for in it.

    With certificates, the node's must be signed by that authority. Without (`vnc_tls` alone) TLS hides the
    screen from who listens, not from who sits in between: as good as no TLS, and so taken.
    """
    exactly(connection, 2)  # the highest version it speaks
    connection.sendall(VERSION)
    if number(connection, 1) != 0:
        raise Ended(endings.SECURITY, "It speaks another version of VeNCrypt.")
    offered = struct.unpack(f">{(count := number(connection, 1))}I", exactly(connection, 4 * count))
    kind = next(
        (kind for kind in (X509_NONE, X509_VNC, ANONYMOUS_NONE, ANONYMOUS_VNC) if kind in offered), None
    )
    if kind is None:
        raise Ended(endings.SECURITY, f"VeNCrypt with kind {', '.join(map(str, offered))}.")
    context = _verifying(ca_pem) if kind in WITH_CERTIFICATE else _anonymous()
    connection.sendall(struct.pack(">I", kind))
    if number(connection, 1) != 1:
        raise Ended(endings.SECURITY, "It took back its offer of TLS.")
    try:
        inside = context.wrap_socket(connection, server_hostname=node if kind in WITH_CERTIFICATE else None)
    except ssl.SSLCertVerificationError as error:
        raise Ended(endings.TLS, error.verify_message) from None
    except ssl.SSLError as error:
        raise Ended(endings.TLS, error.reason or "") from None
    say("TLS: the node's certificate is good." if kind in WITH_CERTIFICATE else "TLS: without certificates.")
    return inside, kind in WITH_PASSWORD


def _verifying(ca_pem: str) -> ssl.SSLContext:
    if not ca_pem:
        raise Ended(endings.TLS, "No certificate authority is configured for the cluster's screens.")
    return ssl.create_default_context(cadata=ca_pem)


def _anonymous() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # TLS 1.3 has no suites without certificates
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context
