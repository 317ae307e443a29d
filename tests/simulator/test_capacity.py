"""Room on the nodes: who gets it, and how Ganeti says that there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ganeti_webmgr.rapi import Client, DiskSpec, InstanceSpec, JobError
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.simulator.model.node import Node
from tests.estate import HASTE
from tests.simulator.asking import client_of, ended, spec


def made(ganeti: SimulatedCluster, client: Client, wanted: InstanceSpec) -> JobError | None:
    """Why the machine could not be made, if it could not."""
    job = ended(ganeti, client, client.instances.create(wanted))
    assert (wanted.instance_name in ganeti.instances) == (job.error is None)
    return job.error


def fill(ganeti: SimulatedCluster) -> None:
    """Leaves no node any memory."""
    for node in ganeti.nodes.values():
        node.memory = 1024


def test_a_machine_goes_where_there_is_most_room(ganeti: SimulatedCluster, client: Client) -> None:
    for name in ("node1", "node2"):
        ganeti.nodes[name].memory *= 2
        assert made(ganeti, client, spec(ganeti, f"on-{name}")) is None
        assert ganeti.instances[f"on-{name}"].pnode == ganeti.nodes[name].name
        ganeti.nodes[name].memory //= 2


@pytest.mark.parametrize(("size", "word"), [("memory", "FailMem"), ("disk", "FailDisk"), ("cpus", "FailCPU")])
def test_where_no_node_has_room_the_allocator_says_what_is_missing(
    size: str, word: str, ganeti: SimulatedCluster, client: Client
) -> None:
    for node in ganeti.nodes.values():
        setattr(node, size, 1)
    assert made(ganeti, client, spec(ganeti, "new")) == JobError(
        klass="OpPrereqError",
        message=(
            "Can't compute nodes using iallocator 'hail': Request failed: Group default (preferred): "
            f"No valid allocation solutions, failure reasons: {word}: 2"
        ),
        code="insufficient_resources",
    )


def test_who_lets_others_go_first_is_told_to_come_again(ganeti: SimulatedCluster, client: Client) -> None:
    fill(ganeti)
    error = made(ganeti, client, spec(ganeti, "new", iallocator="hail", opportunistic_locking=True))
    assert error is not None
    assert error.code == "temp_insufficient_resources"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda node: setattr(node, "drained", True),
        lambda node: setattr(node, "offline", True),
        lambda node: setattr(node, "reachable", False),
        lambda node: setattr(node, "vm_capable", False),
    ],
    ids=["drained", "offline", "dead", "not for machines"],
)
def test_nothing_is_put_on_a_node_that_must_or_can_not_take_it(
    spoil: Callable[[Node], None], ganeti: SimulatedCluster, client: Client
) -> None:
    ganeti.nodes["node2"].memory *= 2
    spoil(ganeti.nodes["node2"])
    assert made(ganeti, client, spec(ganeti, "new")) is None
    assert ganeti.instances["new"].pnode == ganeti.nodes["node1"].name


def test_a_full_group_leaves_it_to_the_next() -> None:
    with Simulator([Shape(nodes=4, machines=0)], speed=HASTE) as simulator:
        ganeti = simulator.clusters[0]
        with client_of(ganeti) as client:
            assert made(ganeti, client, spec(ganeti, "new1")) is None
            for node in ganeti.config.group_nodes(ganeti.groups["default"]):
                node.memory = 1024
            assert made(ganeti, client, spec(ganeti, "new2")) is None
            groups = [ganeti.config.group_of(ganeti.instances[name].pnode).name for name in ("new1", "new2")]
            assert groups == ["default", "rack2"]
            error = made(ganeti, client, spec(ganeti, "new3", group_name="default"))
            assert error is not None
            assert error.code == "insufficient_resources"


def test_a_named_node_must_have_the_memory_for_a_machine_that_is_to_run(
    ganeti: SimulatedCluster, client: Client
) -> None:
    fill(ganeti)
    here = ganeti.nodes["node1"].name
    error = made(ganeti, client, spec(ganeti, "new", pnode=here, start=True))
    assert error is not None
    assert error.code == "insufficient_resources"
    assert error.message.startswith(f"Not enough memory on node {here} for creating instance new.")
    assert made(ganeti, client, spec(ganeti, "new", pnode=here, start=False)) is None


@pytest.mark.parametrize("full", ["node1", "node2"])
def test_both_nodes_of_a_mirrored_machine_must_have_the_space(
    full: str, ganeti: SimulatedCluster, client: Client
) -> None:
    fill(ganeti)
    ganeti.nodes[full].disk = 1024
    here, there = ganeti.nodes["node1"].name, ganeti.nodes["node2"].name
    error = made(ganeti, client, spec(ganeti, "new", disk_template="drbd", pnode=here, snode=there))
    assert error is not None
    assert error.code == "insufficient_resources"
    assert error.message.startswith(f"Not enough disk space on target node {ganeti.nodes[full].name} ")


def test_a_machine_that_finds_no_memory_does_not_start(ganeti: SimulatedCluster, client: Client) -> None:
    ended(ganeti, client, client.instances.shutdown("web1"))
    fill(ganeti)
    job = ended(ganeti, client, client.instances.start("web1"))
    assert job.error is not None
    assert job.error.code == "insufficient_resources"
    assert ganeti.status("web1") == "ADMIN_down"


def test_a_disk_does_not_outgrow_its_node(ganeti: SimulatedCluster, client: Client) -> None:
    before = ganeti.instances["web1"].disks[0].size
    job = ended(ganeti, client, client.instances.grow_disk("web1", 0, amount_mib=10**8))
    assert job.error is not None
    assert job.error.code == "insufficient_resources"
    assert ganeti.instances["web1"].disks[0].size == before


def test_a_machine_must_fit_the_policy_of_its_group(ganeti: SimulatedCluster, client: Client) -> None:
    wanted = spec(ganeti, "new", beparams={"memory": 128, "vcpus": 9})
    error = made(ganeti, client, wanted)
    assert error is not None
    assert error.code == "wrong_input"
    assert "cpu-count value 9 is not in range [1, 8]" in error.message
    assert made(ganeti, client, wanted.model_copy(update={"ignore_ipolicy": True})) is None


def test_a_disk_can_become_a_mirrored_one_where_the_allocator_finds_room(
    ganeti: SimulatedCluster, client: Client
) -> None:
    assert made(ganeti, client, spec(ganeti, "new", pnode=ganeti.nodes["node1"].name)) is None
    change = client.instances.modify
    job = ended(ganeti, client, change("new", {"disk_template": "drbd", "iallocator": "hail"}))
    assert job.error is None
    assert (ganeti.instances["new"].template, ganeti.instances["new"].snode) == (
        "drbd",
        ganeti.nodes["node2"].name,
    )


def test_a_node_that_says_how_much_is_free_leaves_out_what_runs_there(
    ganeti: SimulatedCluster, client: Client
) -> None:
    here = ganeti.nodes["node1"]
    before = client.nodes.get(here.name)
    assert made(ganeti, client, spec(ganeti, "new", pnode=here.name, start=True)) is None
    after = client.nodes.get(here.name)
    assert before.mfree_mib is not None
    assert after.mfree_mib == before.mfree_mib - 128
    assert before.dfree_mib is not None
    assert after.dfree_mib == before.dfree_mib - DiskSpec(size_mib=1024).size_mib  # type: ignore[operator]
