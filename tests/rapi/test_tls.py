"""Whom a client trusts: exactly whom it was told to."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import CertificateMismatch, Invalid, TlsFailed, Unreachable

from .server import Server, says


@dataclass(frozen=True)
class Identity:
    """A self-signed certificate, as a server shows it and as a client may know it."""

    pem: str
    fingerprint: str
    context: ssl.SSLContext


def identity(folder: Path, *, name: str, address: str | None) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    if address:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    file = folder / f"{name}.pem"
    file.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    fingerprint = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    return Identity(pem.decode(), fingerprint, context)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("tls"), name="cluster.example.org", address="127.0.0.1")


@pytest.fixture(scope="session")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """As Ganeti makes it by default: for no host in particular (Reference 1.1)."""
    return identity(tmp_path_factory.mktemp("tls"), name="ganeti.example.com", address=None)


@pytest.fixture
def cluster(ours: Identity) -> Iterator[Server]:
    with Server(says(2), tls=ours.context) as server:
        yield server


@pytest.fixture
def default_cluster(nameless: Identity) -> Iterator[Server]:
    with Server(says(2), tls=nameless.context) as server:
        yield server


def ask(server: Server, tls: rapi.Tls) -> int:
    with rapi.Client(server.url, user="gwm", password="secret-7", tls=tls) as client:
        return client.cluster.api_version()


def test_an_own_ca_is_trusted_for_the_host_that_it_vouches_for(cluster: Server, ours: Identity) -> None:
    assert ask(cluster, rapi.OwnCA(ours.pem)) == 2


def test_an_own_ca_is_not_trusted_for_a_host_that_it_does_not_name(
    default_cluster: Server, nameless: Identity
) -> None:
    with pytest.raises(CertificateMismatch):
        ask(default_cluster, rapi.OwnCA(nameless.pem))
    assert default_cluster.heard == []


def test_another_ca_is_not_trusted(cluster: Server, nameless: Identity) -> None:
    with pytest.raises(CertificateMismatch):
        ask(cluster, rapi.OwnCA(nameless.pem))
    assert cluster.heard == []


def test_the_system_does_not_trust_a_self_signed_certificate(cluster: Server) -> None:
    with pytest.raises(CertificateMismatch):
        ask(cluster, rapi.SystemCA())
    assert cluster.heard == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_does_not_widen_whom_is_trusted(
    variable: str, cluster: Server, ours: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(ours.pem)
    monkeypatch.setenv(variable, str(bundle))
    with pytest.raises(CertificateMismatch):
        ask(cluster, rapi.SystemCA())


def test_a_pinned_certificate_needs_no_name(default_cluster: Server, nameless: Identity) -> None:
    assert ask(default_cluster, rapi.Pinned(nameless.fingerprint)) == 2


def test_a_fingerprint_may_be_written_as_people_do(default_cluster: Server, nameless: Identity) -> None:
    spoken = bytes.fromhex(nameless.fingerprint).hex(":").upper()
    assert ask(default_cluster, rapi.Pinned(spoken)) == 2


def test_another_certificate_than_the_pinned_one_gets_no_credentials(
    cluster: Server, nameless: Identity
) -> None:
    with pytest.raises(CertificateMismatch):
        ask(cluster, rapi.Pinned(nameless.fingerprint))
    assert cluster.heard == []


def test_nothing_is_verified_only_when_said_so_and_then_without_nagging(default_cluster: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ask(default_cluster, rapi.Unverified()) == 2


def test_plain_http_takes_the_same_explicit_word(server: Server) -> None:
    with pytest.raises(Invalid):
        rapi.Client(server.url, user="gwm", password="x", tls=rapi.SystemCA())


def test_a_server_without_tls_is_told_from_one_with_a_wrong_certificate(server: Server) -> None:
    url = server.url.replace("http:", "https:")
    client = rapi.Client(url, user="gwm", password="x", tls=rapi.SystemCA())
    with pytest.raises(TlsFailed) as caught:
        client.cluster.info()
    assert not isinstance(caught.value, CertificateMismatch)


@pytest.fixture
def hanging_up() -> Iterator[str]:
    """The address of one that takes each connection and ends it at once."""

    def serve() -> None:
        with suppress(OSError):  # the end of the test
            while True:
                listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_one_that_hangs_up_in_the_middle_is_away_and_shows_no_other_certificate(hanging_up: str) -> None:
    pinned = rapi.Pinned("00" * 32)
    client = rapi.Client(hanging_up, user="gwm", password="x", tls=pinned)
    for question in (
        client.cluster.info,
        partial(rapi.fetch_fingerprint, hanging_up),
        partial(rapi.shake_hands, hanging_up, pinned),
    ):
        with pytest.raises(Unreachable) as caught:
            question()
        assert not isinstance(caught.value, TlsFailed)
        assert "onnection" in caught.value.message


def test_the_fingerprint_that_is_fetched_is_the_one_to_pin(
    default_cluster: Server, nameless: Identity
) -> None:
    shown = rapi.fetch_fingerprint(default_cluster.url)
    assert shown.replace(":", "").lower() == nameless.fingerprint
    assert ask(default_cluster, rapi.Pinned(shown)) == 2


def test_no_fingerprint_without_tls_or_server(server: Server) -> None:
    with pytest.raises(Invalid):
        rapi.fetch_fingerprint(server.url)
    with pytest.raises(TlsFailed):
        rapi.fetch_fingerprint(server.url.replace("http:", "https:"))
    with pytest.raises(Unreachable):
        rapi.fetch_fingerprint("https://127.0.0.1:1")


@pytest.mark.parametrize("sha256", ["", "AB:CD", "zz" * 32, "00" * 33])
def test_what_is_no_fingerprint_is_refused(sha256: str) -> None:
    with pytest.raises(Invalid):
        rapi.Pinned(sha256)


@pytest.mark.parametrize(
    "pem", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_ca_is_refused(pem: str) -> None:
    with pytest.raises(Invalid):
        rapi.OwnCA(pem)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cluster.example.org",
        "ftp://cluster.example.org",
        "https://",
        "https://gwm:secret@cluster.example.org",
        "https://cluster.example.org/2/info",
        "https://cluster.example.org?x=1",
        "https://cluster.example.org:port",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        rapi.Client(url, user="gwm", password="x", tls=rapi.SystemCA())
    assert "secret" not in str(caught.value)
