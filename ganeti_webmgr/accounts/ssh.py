"""Public SSH keys as people paste them: read, checked, and refused in words."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
KINDS = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    SK_ED25519,
    SK_ECDSA,
)
LEAST_RSA_BITS = 2048
DAMAGED = "This key is damaged: a part of it is missing or changed. Copy the whole line of the .pub file."


class NotAKey(ValueError):
    """What was pasted cannot be used; the text says why and what to paste instead."""


@dataclass(frozen=True)
class PublicKey:
    """A key that can be used."""

    kind: str
    text: str
    fingerprint: str
    comment: str


def read(pasted: str) -> PublicKey:
    """The key in the line; NotAKey with the reason where it is none, or none that is safe."""
    pasted = pasted.strip()
    if "PRIVATE KEY" in pasted:
        raise NotAKey("This is a private key, which nobody else may see. Paste the line of its .pub file.")
    if len(pasted.splitlines()) != 1 or not pasted.isprintable():
        raise NotAKey("Paste one key, as the one line that is in its .pub file.")
    words = pasted.split(None, 2)
    kind = words[0]
    _must_be_known(kind, pasted)
    blob = _decoded(words[1] if len(words) > 1 else "")
    _must_be(kind, blob)
    text = f"{kind} {base64.b64encode(blob).decode()}"
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(kind, text, f"SHA256:{digest}", words[2] if len(words) > 2 else "")


def _must_be_known(kind: str, pasted: str) -> None:
    if kind in KINDS:
        return
    if "ssh-dss" in pasted:
        raise NotAKey("DSA keys are no longer safe. Make a new one: ssh-keygen -t ed25519")
    if "-cert-v01@" in kind:
        raise NotAKey("This is a certificate. Paste the key itself, from the .pub file without “-cert”.")
    if any(f"{known} " in pasted for known in KINDS):
        raise NotAKey("There is something before the key. Paste it without options: from ssh- or ecdsa- on.")
    raise NotAKey(f"This is no public SSH key. One begins with {', '.join(KINDS[:-1])} or {KINDS[-1]}.")


def _decoded(typed: str) -> bytes:
    try:
        return base64.b64decode(typed, validate=True)
    except ValueError as error:
        raise NotAKey(DAMAGED) from error


def _must_be(kind: str, blob: bytes) -> None:
    try:
        parts = _strings(blob)
        if parts[0] != kind.encode():
            raise NotAKey(DAMAGED)
        if kind in (SK_ED25519, SK_ECDSA):
            _must_be_hardware(kind, parts)
            return
        key = load_ssh_public_key(f"{kind} {base64.b64encode(blob).decode()}".encode())
    except (ValueError, IndexError, struct.error, UnsupportedAlgorithm) as error:
        raise error if isinstance(error, NotAKey) else NotAKey(DAMAGED) from error
    if isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        raise NotAKey(
            f"An RSA key of {key.key_size} bits is too short: {LEAST_RSA_BITS} are the least. "
            "Better make a new one: ssh-keygen -t ed25519"
        )


def _must_be_hardware(kind: str, parts: list[bytes]) -> None:
    """A key in a security token: as one of the others, and the application that it is for."""
    if kind == SK_ED25519:
        _, point, application = parts
        if len(point) != 32:
            raise ValueError
    else:
        _, curve, point, application = parts
        if curve != b"nistp256":
            raise ValueError
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    if not application.decode().isprintable():
        raise ValueError


def _strings(blob: bytes) -> list[bytes]:
    """The strings of which SSH's wire format consists, each after its length."""
    found, at = [], 0
    while at < len(blob):
        (length,) = struct.unpack_from(">I", blob, at)
        at += 4 + length
        if at > len(blob):
            raise ValueError
        found.append(blob[at - length : at])
    return found
