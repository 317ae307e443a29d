from __future__ import annotations

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ganeti_webmgr.accounts.ssh import SK_ECDSA, SK_ED25519, NotAKey, read

Private = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def line(key: Private) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def wire(kind: str, *strings: bytes) -> str:
    """A key as its parts in SSH's wire format."""
    parts = (kind.encode(), *strings)
    blob = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return f"{kind} {base64.b64encode(blob).decode()}"


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


ED25519 = ed25519.Ed25519PrivateKey.generate()
P256 = ec.generate_private_key(ec.SECP256R1())
RAW = ED25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
PLAIN = line(ED25519)
GOOD = {
    "ssh-ed25519": PLAIN,
    "ssh-rsa": line(rsa.generate_private_key(65537, 2048)),
    "ecdsa-sha2-nistp256": line(P256),
    "ecdsa-sha2-nistp384": line(ec.generate_private_key(ec.SECP384R1())),
    "ecdsa-sha2-nistp521": line(ec.generate_private_key(ec.SECP521R1())),
    SK_ED25519: wire(SK_ED25519, RAW, b"ssh:"),
    SK_ECDSA: wire(SK_ECDSA, b"nistp256", point(P256), b"ssh:work"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_every_current_kind_is_read_with_the_fingerprint_that_ssh_keygen_shows(kind: str) -> None:
    key = read(f"  {GOOD[kind]} alice@laptop of mine\n")
    assert (key.kind, key.text, key.comment) == (kind, GOOD[kind], "alice@laptop of mine")
    digest = hashlib.sha256(base64.b64decode(GOOD[kind].split()[1])).digest()
    assert key.fingerprint == f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def test_a_private_key_is_refused_before_anything_of_it_is_kept() -> None:
    pem = ED25519.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    with pytest.raises(NotAKey, match="private key"):
        read(pem)


BAD = {
    "nothing": ("", "one key"),
    "two lines": (f"{PLAIN}\n{PLAIN}", "one key"),
    "a line end of another kind": (f"{PLAIN} a\x85b", "one key"),
    "a control character": (f"{PLAIN} a\x00b", "one key"),
    "a word": ("hello", "no public SSH key"),
    "a kind alone": ("ssh-ed25519", "damaged"),
    "a stump": ("ssh-ed25519 AAAA", "damaged"),
    "no base64": ("ssh-ed25519 %%%", "damaged"),
    "cut off": (PLAIN[:-4], "damaged"),
    "two kinds": (f"ssh-rsa {PLAIN.split()[1]}", "damaged"),
    "a command": (f'command="/bin/true" {PLAIN}', "without options"),
    "an option": (f"no-pty,{PLAIN}", "without options"),
    "DSA": (wire("ssh-dss", b"p", b"q", b"g", b"y"), "DSA"),
    "a certificate": (wire("ssh-ed25519-cert-v01@openssh.com", RAW), "certificate"),
    "a short token key": (wire(SK_ED25519, RAW[:31], b"ssh:"), "damaged"),
    "a token key for nothing": (wire(SK_ED25519, RAW), "damaged"),
    "an odd application": (wire(SK_ED25519, RAW, b"ssh:\n"), "damaged"),
    "another curve": (wire(SK_ECDSA, b"nistp384", point(P256), b"ssh:"), "damaged"),
    "a point beside the curve": (wire(SK_ECDSA, b"nistp256", b"\x04" + bytes(64), b"ssh:"), "damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_key_or_a_bad_one_is_refused_in_words(case: str) -> None:
    pasted, words = BAD[case]
    with pytest.raises(NotAKey, match=words):
        read(pasted)


def test_a_short_rsa_key_is_refused_with_its_length() -> None:
    with pytest.raises(NotAKey, match="1024 bits is too short: 2048"):
        read(line(rsa.generate_private_key(65537, 1024)))  # noqa: S505 - that is the point
