"""The handshake with machines' screens of every kind, and what is told when it fails."""

from __future__ import annotations

import socket
import ssl
import struct
from pathlib import Path

import pytest

from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.rfb.upstream import Credentials, greet
from ganeti_webmgr.consoles.rfb.vncauth import answer
from tests.consoles.rfb.authority import Authority
from tests.consoles.rfb.machine import CHALLENGE, asks_password, hears, in_tls, says, speaking

V3, V7, V8 = b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n"
OK = bytes(4)
READY = b"ready for ClientInit"


def ready(connection: socket.socket, **known: str) -> bool:
    """Whether the screen is greeted to its end, and nothing more was read than belongs to that."""
    return greet(connection, Credentials(**known)).recv(100) == READY


def failed(connection: socket.socket, **known: str) -> tuple[str, str]:
    with pytest.raises(Ended) as ended:
        greet(connection, Credentials(**known))
    return ended.value.ending.name, ended.value.detail


def test_without_a_password() -> None:
    assert ready(speaking(says(V8), hears(V8), says(bytes([1, 1])), hears(b"\x01"), says(OK + READY)))


def test_version_37_says_nothing_after_none() -> None:
    assert ready(speaking(says(V7), hears(V7), says(bytes([1, 1])), hears(b"\x01"), says(READY)))


def test_version_33_chooses_itself() -> None:
    assert ready(speaking(says(V3), hears(V3), says(struct.pack(">I", 1) + READY)))


@pytest.mark.parametrize("greeting", [b"RFB 003.889\n", b"RFB 003.130\n"])
def test_versions_that_nobody_wrote_down_are_taken_for_38(greeting: bytes) -> None:
    assert ready(speaking(says(greeting), hears(V8), says(bytes([1, 1])), hears(b"\x01"), says(OK + READY)))


def test_with_a_password() -> None:
    screen = (
        says(V8),
        hears(V8),
        says(bytes([1, 2])),
        hears(b"\x02"),
        asks_password("secret12"),
        says(READY),
    )
    assert ready(speaking(*screen), password="secret12")
    assert ready(speaking(*screen), password="secret12 and what does not count")
    assert failed(speaking(*screen), password="wrong") == ("password", "Authentication failed")
    assert failed(speaking(*screen)) == ("password", "None is configured.")


def test_the_answer_to_a_challenge_is_as_every_vnc_server_expects_it() -> None:
    assert len(answer(CHALLENGE, "secret12")) == 16
    assert answer(CHALLENGE, "secret12") == answer(CHALLENGE, "secret12345")
    assert answer(bytes(8) + bytes(8), "")[:8] == answer(bytes(16), "")[8:]
    # DES of zeros with a key of zeros: FIPS 81's well-known 8ca64de9c1b123a7.
    assert answer(bytes(16), "").hex() == "8ca64de9c1b123a7" * 2


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((says(b"SSH-2.0-OpenSSH"),), ("greeting", "")),
        ((says(b"RFB"),), ("greeting", "It stopped in the middle of the greeting.")),
        ((says(V8), hears(V8), says(bytes([0]) + struct.pack(">I", 4) + b"busy")), ("security", "busy")),
        ((says(V8), hears(V8), says(bytes([2, 16, 30]))), ("security", "It offers kind 16, 30.")),
        (
            (
                says(V8),
                hears(V8),
                says(bytes([1, 1])),
                hears(b"\1"),
                says(struct.pack(">II", 1, 4) + b"away"),
            ),
            ("security", "away"),
        ),
    ],
)
def test_it_says_which_step_failed(parts: tuple[object, ...], outcome: tuple[str, str]) -> None:
    connection = speaking(*parts)  # type: ignore[arg-type]
    connection.settimeout(1)
    assert failed(connection) == outcome


def test_a_screen_that_closes_in_the_middle_is_told() -> None:
    connection = speaking(says(V8), hears(V8), lambda theirs: theirs.shutdown(socket.SHUT_RDWR))
    assert failed(connection) == ("greeting", "It closed in the middle of the greeting.")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("ca"))


def vencrypt(kind: int, context: ssl.SSLContext, *more: object) -> socket.socket:
    return speaking(
        *(says(V8), hears(V8), says(bytes([1, 19])), hears(b"\x13")),
        *(says(b"\0\2"), hears(b"\0\2"), says(bytes([0, 1]) + struct.pack(">I", kind))),
        *(hears(struct.pack(">I", kind)), says(b"\1"), in_tls(context), *more),  # type: ignore[arg-type]
    )


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_vencrypt_with_the_nodes_certificate(authority: Authority) -> None:
    assert ready(
        vencrypt(260, serving(authority.node), says(OK + READY)),
        ca_pem=authority.pem,
        node="node1.example.org",
    )


def test_vencrypt_with_a_certificate_and_a_password(authority: Authority) -> None:
    screen = vencrypt(261, serving(authority.node), asks_password("secret12"), says(READY))
    assert ready(screen, ca_pem=authority.pem, node="node1.example.org", password="secret12")


@pytest.mark.parametrize(
    ("known", "detail"),
    [
        ({"node": "node2.example.org"}, "Hostname mismatch"),
        ({"node": "node1.example.org", "ca_pem": ""}, "No certificate authority is configured"),
    ],
)
def test_another_nodes_certificate_is_not_taken(
    authority: Authority, known: dict[str, str], detail: str
) -> None:
    name, said = failed(vencrypt(260, serving(authority.node)), **{"ca_pem": authority.pem, **known})
    assert name == "tls"
    assert detail in said


def test_a_certificate_of_somebody_else_is_not_taken(authority: Authority) -> None:
    own = Path(__file__).parent / "elsewhere.pem"
    name, said = failed(
        vencrypt(260, serving(authority.node)), ca_pem=own.read_text(), node="node1.example.org"
    )
    assert name == "tls"
    assert "self-signed" in said or "unable to get local issuer" in said


def test_vencrypt_without_certificates() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    assert ready(vencrypt(257, context, says(OK + READY)))
