"""Where a machine's screen is, by a fresh answer of its cluster."""

from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.target import find
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def of(ganeti: SimulatedCluster, vm: VirtualMachine, **parameters: object) -> tuple[str, str]:
    """The name of the ending and the detail when the machine's hypervisor parameters are these."""
    ganeti.instances[vm.name].hvparams.update(parameters)
    with pytest.raises(Ended) as ended:
        find(vm)
    return ended.value.ending.name, ended.value.detail


def test_it_is_on_the_primary_node_whatever_the_machine_listens_on(
    ganeti: SimulatedCluster, running: VirtualMachine
) -> None:
    instance = ganeti.instances[running.name]
    node = ganeti.nodes[instance.pnode]
    for bind in ("0.0.0.0", "::", "br0", node.pip):  # noqa: S104
        instance.hvparams["vnc_bind_address"] = bind
        target = find(running)
        assert (target.host, target.port, target.node) == (node.pip, instance.network_port, node.name)


def test_where_the_site_relays_a_nodes_ports_the_route_is_taken(
    ganeti: SimulatedCluster, running: VirtualMachine, settings: Any
) -> None:
    instance = ganeti.instances[running.name]
    settings.CONSOLE_ROUTES = {running.cluster.slug: {instance.pnode: "127.0.1.1"}}
    for bind in ("0.0.0.0", "127.0.0.1"):  # noqa: S104
        instance.hvparams["vnc_bind_address"] = bind
        assert find(running).host == "127.0.1.1"
    assert of(ganeti, running, vnc_bind_address="")[0] == "no-screen"


def test_a_machine_that_moved_meanwhile_is_found_where_it_is(
    ganeti: SimulatedCluster, running: VirtualMachine
) -> None:
    other = next(node for name, node in ganeti.nodes.items() if name != ganeti.instances[running.name].pnode)
    ganeti.instances[running.name].pnode = other.name
    assert find(running).host == other.pip


@pytest.mark.parametrize(
    ("bind", "name"),
    [
        ("", "no-screen"),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("/var/run/vnc", "socket"),
        ("192.0.2.99", "outside"),
        ("8.8.8.8", "outside"),
    ],
)
def test_what_cannot_be_reached_is_told_apart(
    ganeti: SimulatedCluster, running: VirtualMachine, bind: str, name: str
) -> None:
    assert of(ganeti, running, vnc_bind_address=bind)[0] == name


@pytest.mark.parametrize("port", [22, 10999, 15000, 65535])
def test_no_port_outside_the_clusters_pool(
    ganeti: SimulatedCluster, running: VirtualMachine, port: int
) -> None:
    ganeti.instances[running.name].network_port = port
    assert of(ganeti, running) == ("outside", f"Port {port} is no console port.")


def test_no_node_that_is_not_of_the_cluster(
    ganeti: SimulatedCluster, cluster: Cluster, running: VirtualMachine
) -> None:
    cluster.nodes.all().delete()
    assert of(ganeti, running)[0] == "outside"


def test_a_name_that_was_given_to_another_machine_leads_nowhere(
    ganeti: SimulatedCluster, running: VirtualMachine
) -> None:
    ganeti.instances[running.name].uuid = "00000000-0000-0000-0000-000000000000"
    assert of(ganeti, running) == ("gone", "Another machine has its name now.")


def test_a_machine_that_does_not_run_has_no_screen(ganeti: SimulatedCluster, stopped: VirtualMachine) -> None:
    assert of(ganeti, stopped)[0] == "off"


def test_a_machine_that_is_gone_is_told(ganeti: SimulatedCluster, running: VirtualMachine) -> None:
    running.name = "never-there.example.org"
    with pytest.raises(Ended) as ended:
        find(running)
    assert ended.value.ending.name == "gone"


def test_a_cluster_that_refuses_is_told_and_nothing_of_it_shown(
    cluster: Cluster, running: VirtualMachine
) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(url="https://127.0.0.1:1")
    running.cluster.refresh_from_db()
    with pytest.raises(Ended) as ended:
        find(running)
    assert (ended.value.ending.name, ended.value.detail) == ("cluster", "")
