"""Each contract test runs against the simulator and against both clusters of the real lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.rapi import Client, NotFound, Unverified
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from tests.contract.ganeti import Ganeti
from tests.real.labs import NAMES, Lab

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEED = 20
REAL = [pytest.param(name, marks=pytest.mark.real) for name in NAMES]


@pytest.fixture(scope="session", params=["simulator", *REAL])
def cluster(request: pytest.FixtureRequest) -> Iterator[Ganeti]:
    """A cluster that is left as it was found."""
    yield from _reach(request.param)


@pytest.fixture(scope="session", params=["simulator", REAL[1]])
def large_cluster(request: pytest.FixtureRequest) -> Iterator[Ganeti]:
    """A cluster with more than one node."""
    yield from _reach(request.param)


@pytest.fixture(scope="session")
def machine(cluster: Ganeti) -> Iterator[str]:
    """A machine for all tests; each leaves it stopped."""
    yield from _machine(cluster, 51)


@pytest.fixture(scope="session")
def movable(large_cluster: Ganeti) -> Iterator[str]:
    """A machine on a cluster where it can move."""
    yield from _machine(large_cluster, 52)


def _machine(cluster: Ganeti, number: int) -> Iterator[str]:
    spec = cluster.spec(number)
    _remove(cluster, spec.instance_name)
    cluster.done(cluster.client.instances.create(spec))
    yield spec.instance_name
    _remove(cluster, spec.instance_name)


def _remove(cluster: Ganeti, name: str) -> None:
    try:
        cluster.get(name)
    except NotFound:
        return
    cluster.done(cluster.client.instances.delete(name, shutdown_timeout_s=1))


def _furnish(simulated: SimulatedCluster) -> None:
    """Gives it what the lab has and a usual cluster has not: odd systems, tiny machines."""
    simulated.config.operating_systems["labos"] = ["blank", "broken", "live", "slow"]
    simulated.config.params["ipolicy"]["minmax"][0]["min"].update({"memory-size": 16, "disk-size": 0})


def _reach(name: str) -> Iterator[Ganeti]:
    if name == "simulator":
        with Simulator([Shape(name="contract", nodes=3, machines=12)], speed=SPEED) as simulator:
            simulated = simulator.clusters[0]
            _furnish(simulated)
            with Client(
                simulated.url, user=simulated.user, password=simulated.password, tls=Unverified()
            ) as client:
                yield Ganeti(
                    client=client,
                    url=simulated.url,
                    user=simulated.user,
                    password=simulated.password,
                    reader=("reader", "reader-secret"),
                    domain=simulated.name,
                    slow_s=15 * SPEED,
                )
        return
    lab = Lab(name)
    with lab.client() as client:
        yield Ganeti(
            client=client,
            url=lab.url,
            user=lab.user,
            password=lab.password,
            reader=lab.reader,
            domain=lab.domain,
            slow_s=15,
        )
