"""Many clusters in one process, none of which knows of the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ganeti_webmgr.rapi import CertificateMismatch, Client, Pinned, Unreachable, fetch_fingerprint
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.simulator.server.listener import THREADS
from tests.estate import HASTE
from tests.simulator.asking import client_of, ended


@pytest.fixture
def neighbours() -> Iterator[list[SimulatedCluster]]:
    shapes = [Shape(name="berlin", machines=4), Shape(name="lab", nodes=5, machines=2, version="3.1.0~rc2")]
    with Simulator(shapes, speed=HASTE) as simulator:
        yield simulator.clusters


def test_each_is_what_its_shape_says(neighbours: list[SimulatedCluster]) -> None:
    told = []
    for ganeti in neighbours:
        with client_of(ganeti) as client:
            info = client.cluster.info()
            sizes = len(client.nodes.list()), len(client.instances.list())
            told.append((info.name, info.software_version, *sizes))
    assert told == [("berlin.example.org", "3.0.2", 3, 4), ("lab.example.org", "3.1.0~rc2", 5, 2)]


def test_each_shows_a_certificate_of_its_own(neighbours: list[SimulatedCluster]) -> None:
    one, other = neighbours
    assert [fetch_fingerprint(ganeti.url) for ganeti in neighbours] == [one.fingerprint, other.fingerprint]
    assert one.fingerprint != other.fingerprint
    tls = Pinned(sha256=other.fingerprint)
    with (
        Client(one.url, user=one.user, password=one.password, tls=tls) as client,
        pytest.raises(CertificateMismatch),
    ):
        client.cluster.info()
    assert not one.requests


def test_what_is_done_to_one_is_done_to_no_other(neighbours: list[SimulatedCluster]) -> None:
    one, other = neighbours
    with client_of(one) as client, client_of(other) as elsewhere:
        ended(one, client, client.instances.shutdown("web1"))
        ended(one, client, client.cluster.add_tags(["changed"]))
        assert [ganeti.status("web1") for ganeti in neighbours] == ["ADMIN_down", "running"]
        assert "changed" not in elsewhere.cluster.tags()
        assert elsewhere.jobs.ids() == []


def test_the_trouble_of_one_is_not_that_of_the_other(neighbours: list[SimulatedCluster]) -> None:
    one, other = neighbours
    one.fault("refuse")
    with client_of(one) as client, pytest.raises(Unreachable):
        client.cluster.info()
    with client_of(other) as client:
        assert client.cluster.info().name == other.name


def test_the_same_seed_makes_the_same_clusters_and_another_makes_others() -> None:
    def made(*, seed: int) -> list[str]:
        simulator = Simulator([Shape(name="a"), Shape(name="b")], seed=seed)
        return [item.uuid for ganeti in simulator.clusters for item in ganeti.instances.values()]

    assert made(seed=1) == made(seed=1)
    assert set(made(seed=1)).isdisjoint(made(seed=2))
    assert len(set(made(seed=1))) == 20


def test_fifty_answer_at_once_with_a_few_threads() -> None:
    before = threading.active_count()
    shapes = [Shape(name=f"c{number}", nodes=1, machines=2) for number in range(50)]
    with Simulator(shapes) as simulator, ThreadPoolExecutor(25) as askers:

        def name_of(ganeti: SimulatedCluster) -> str:
            with client_of(ganeti) as client:
                return client.cluster.info().name

        assert list(askers.map(name_of, simulator.clusters)) == [ganeti.name for ganeti in simulator.clusters]
        assert threading.active_count() - before <= THREADS + 3 + 25
    assert threading.active_count() == before
