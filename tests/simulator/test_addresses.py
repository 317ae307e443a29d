"""Addresses of networks: handed out once, and given back."""

from __future__ import annotations

import pytest

from ganeti_webmgr.rapi import Client, NicChange, NicSpec
from ganeti_webmgr.simulator import SimulatedCluster
from tests.simulator.asking import ended, spec

POOL = NicSpec(network="tiny", ip="pool")


@pytest.fixture
def tiny(ganeti: SimulatedCluster, client: Client) -> str:
    """A network that has addresses for two machines, from .2 on."""
    ended(ganeti, client, client.networks.create("tiny", network="10.9.0.0/29", gateway="10.9.0.1"))
    reserve = ["10.9.0.4", "10.9.0.5", "10.9.0.6"]
    ended(ganeti, client, client.networks.modify("tiny", add_reserved_ips=reserve))
    ended(ganeti, client, client.networks.connect("tiny", group="default", mode="bridged", link="br7"))
    return "tiny"


def test_two_interfaces_of_one_machine_get_different_addresses(
    ganeti: SimulatedCluster, client: Client, tiny: str
) -> None:
    job = ended(ganeti, client, client.instances.create(spec(ganeti, "new", nics=(POOL, POOL))))
    assert job.error is None
    nics = client.instances.get(f"new.{ganeti.name}").nics
    assert [(nic.ip, nic.link) for nic in nics] == [("10.9.0.2", "br7"), ("10.9.0.3", "br7")]
    assert client.networks.get(tiny).free_count == 0


def test_an_empty_pool_fails_the_job(ganeti: SimulatedCluster, client: Client, tiny: str) -> None:
    job = ended(ganeti, client, client.instances.create(spec(ganeti, "new", nics=(POOL, POOL, POOL))))
    assert job.error is not None
    assert job.error.code == "wrong_state"
    assert client.networks.get(tiny).free_count == 2


def test_an_address_that_is_taken_is_refused(ganeti: SimulatedCluster, client: Client, tiny: str) -> None:
    same = NicSpec(network=tiny, ip="10.9.0.2")
    job = ended(ganeti, client, client.instances.create(spec(ganeti, "new", nics=(same, same))))
    assert job.error is not None
    assert job.error.code == "resource_not_unique"


def test_the_address_of_a_machine_that_is_gone_is_free_again(
    ganeti: SimulatedCluster, client: Client, tiny: str
) -> None:
    for name in ("first", "second"):
        ended(ganeti, client, client.instances.create(spec(ganeti, name, nics=(POOL,))))
        assert [nic.ip for nic in ganeti.instances[name].nics] == ["10.9.0.2"]
        ended(ganeti, client, client.instances.delete(f"{name}.{ganeti.name}"))
    assert client.networks.get(tiny).map == "XX..XXXX"


@pytest.mark.parametrize("changes", [{"gateway": "10.8.0.1"}, {"add_reserved_ips": ["10.8.0.1"]}])
def test_an_address_from_elsewhere_does_not_belong_into_a_network(
    changes: dict[str, str], ganeti: SimulatedCluster, client: Client, tiny: str
) -> None:
    change = ended(ganeti, client, client.networks.modify(tiny, **changes))  # type: ignore[arg-type]
    create = ended(ganeti, client, client.networks.create("other", network="10.9.1.0/29", **changes))  # type: ignore[arg-type]
    assert [job.error and job.error.klass for job in (change, create)] == ["AddressPoolError"] * 2
    assert [network.name for network in client.networks.list()] == ["dmz", "lan", tiny]


def test_what_is_not_said_about_an_interface_stays(ganeti: SimulatedCluster, client: Client) -> None:
    nic = NicSpec(mode="openvswitch", link="sw1", vlan="7")
    ended(ganeti, client, client.instances.create(spec(ganeti, "new", nics=(nic,))))
    change = NicChange(action="modify", target=0, nic=NicSpec(vlan="8"))
    ended(ganeti, client, client.instances.modify("new", {"nics": [change]}))
    assert ganeti.instances["new"].nics[0].params == {"mode": "openvswitch", "link": "sw1", "vlan": "8"}
