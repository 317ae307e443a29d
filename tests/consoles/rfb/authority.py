"""A certificate authority of a test's own, with the certificate of a node."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NODE = "node1.example.org"


@dataclass(frozen=True)
class Authority:
    """Its own certificate as PEM, and a file with the node's certificate and key.

    The folder has the files also under the names that QEMU looks for.
    """

    pem: str
    node: Path

    @classmethod
    def made(cls, folder: Path) -> Self:
        ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        encoding = serialization.Encoding.PEM
        own = _certificate("a test", ca_key, by=ca_key, is_ca=True).public_bytes(encoding)
        certificate = _certificate(NODE, key, by=ca_key, is_ca=False).public_bytes(encoding)
        private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        files = {
            "ca-cert": own,
            "server-cert": certificate,
            "server-key": private,
            "node": certificate + private,
        }
        for name, content in files.items():
            (folder / f"{name}.pem").write_bytes(content)
        return cls(own.decode(), folder / "node.pem")


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, *, by: ec.EllipticCurvePrivateKey, is_ca: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]), critical=False)
        .sign(by, hashes.SHA256())
    )
