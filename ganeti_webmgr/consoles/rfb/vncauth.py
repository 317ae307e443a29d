"""VNC passwords (RFC 6143, section 7.2.2). Eight characters and DES protect nothing on an open network."""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB


def answer(challenge: bytes, password: str) -> bytes:
    """The challenge encrypted with the password: DES, which is triple DES with one key three times."""
    key = bytes(_mirrored(byte) for byte in password.encode("latin-1", errors="replace")[:8].ljust(8, b"\0"))
    encryptor = Cipher(TripleDES(key * 3), ECB()).encryptor()  # noqa: S305 - what the protocol says
    return encryptor.update(challenge) + encryptor.finalize()


def _mirrored(byte: int) -> int:
    # Every implementation takes the bits of the key from the other end: section 7.2.2 forgot to say it.
    return int(f"{byte:08b}"[::-1], 2)
