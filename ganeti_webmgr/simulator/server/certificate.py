"""The certificates simulated clusters show: self-signed and nameless, like Ganeti's own."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def load_or_make(path: Path | None) -> tuple[ssl.SSLContext, str]:
    """A server's TLS context and the SHA-256 fingerprint of the certificate it shows, kept in that file."""
    if path is None:
        pem = _fresh()
    elif path.exists():
        pem = path.read_bytes()
    else:
        pem = _fresh()
        write_private(path, pem)
    return _context(pem), _fingerprint(pem)


def write_private(path: Path, data: bytes) -> None:
    """Writes the file in one step, readable by its owner only."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)


def _fresh() -> bytes:
    # An elliptic curve instead of Ganeti's RSA: a handshake costs a tenth.
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ganeti.example.com")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=5 * 365))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _fingerprint(pem: bytes) -> str:
    digest = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :]).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def _context(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.num_tickets = 0
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context
