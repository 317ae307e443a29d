"""Whom real Ganeti lets in, and which Ganeti the client lets in."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from ganeti_webmgr.rapi import (
    CertificateMismatch,
    Client,
    Forbidden,
    OwnCA,
    Pinned,
    SystemCA,
    Tls,
    Unauthorized,
    Unverified,
)
from tests.real.labs import NAMES, Lab

pytestmark = pytest.mark.real


def client_of(lab: Lab, *, who: tuple[str, str] | None = None, tls: Tls | None = None) -> Client:
    user, password = who or (lab.user, lab.password)
    return Client(lab.url, user=user, password=password, tls=tls or Pinned(sha256=lab.fingerprint))


@pytest.mark.parametrize("tls", [Pinned, lambda sha256: Unverified()], ids=["pinned", "unverified"])
def test_a_cluster_is_reached_whose_certificate_is_the_right_one_or_does_not_matter(
    tls: Callable[[str], Tls], lab: Lab
) -> None:
    with client_of(lab, tls=tls(lab.fingerprint)) as client:
        assert client.cluster.info().name == lab.domain


def test_the_certificate_of_the_other_cluster_is_not_that_of_this_one(lab: Lab) -> None:
    [other] = [Lab(name) for name in NAMES if name != lab.name]
    with (
        client_of(lab, tls=Pinned(sha256=other.fingerprint)) as client,
        pytest.raises(CertificateMismatch, match="another certificate than the pinned one"),
    ):
        client.cluster.info()


def test_ganetis_own_certificate_is_vouched_for_by_nobody_not_even_by_itself(lab: Lab) -> None:
    address = urlsplit(lab.url)
    assert address.port
    pem = ssl.get_server_certificate((str(address.hostname), address.port))
    for tls in (SystemCA(), OwnCA(pem)):
        with client_of(lab, tls=tls) as client, pytest.raises(CertificateMismatch):
            client.cluster.info()


def test_nobody_gets_in_with_a_wrong_name_or_password(lab: Lab) -> None:
    for who in ((lab.user, "wrong"), ("nobody", lab.password), (lab.reader[0], lab.password)):
        with client_of(lab, who=who) as client:
            for call in (client.cluster.info, client.cluster.api_version, client.instances.list):
                with pytest.raises(Unauthorized):
                    call()


def test_a_password_that_the_cluster_knows_as_a_digest_is_as_good_as_any(lab: Lab) -> None:
    with client_of(lab, who=lab.hashed) as client:
        assert client.query.instances().parse()


def test_who_may_only_read_reads_and_changes_nothing(lab: Lab) -> None:
    with client_of(lab, who=lab.reader) as client:
        assert client.cluster.info().name == lab.domain
        assert client.query.instance_states().parse()
        master = client.nodes.names()[0]
        for write in (
            lambda: client.cluster.add_tags(["by-reader"]),
            lambda: client.instances.shutdown(f"vm1.{lab.domain}"),
            lambda: client.groups.create("by-reader"),
            client.filters.create,
            lambda: client.jobs.cancel(1),
            # No changes, but Ganeti wants the right to write for them.
            lambda: client.jobs.wait(1),
            lambda: client.nodes.storage(master, storage_type="file"),
        ):
            with pytest.raises(Forbidden):
                write()
    assert "by-reader" not in lab.command("gnt-cluster", "list-tags")
    assert "by-reader" not in lab.command("gnt-group", "list")
