"""Everything that the client can read of real Ganeti, held against what its command line says: the cluster.

Other tests may be at work on the lab; what they come and go with is left out.
"""

from __future__ import annotations

from typing import Any, get_args

import pytest

from ganeti_webmgr.rapi import Client, storage_units
from ganeti_webmgr.rapi.query import QueryResource
from tests.real.labs import Lab, finished, words

pytestmark = pytest.mark.real

ROLES = {"M": "master", "C": "master-candidate", "R": "regular", "D": "drained", "O": "offline"}


def test_what_the_cluster_is(lab: Lab, client: Client) -> None:
    info = client.cluster.info()
    said = lab.command("gnt-cluster", "info")
    assert f"Cluster name: {info.name}\n" in said
    assert f"Cluster UUID: {info.uuid}\n" in said
    assert f"Default hypervisor: {info.default_hypervisor}\n" in said
    assert f"Enabled hypervisors: {', '.join(info.enabled_hypervisors)}\n" in said
    assert f"  candidate pool size: {info.candidate_pool_size}\n" in said
    assert lab.command("gnt-cluster", "getmaster").strip() == info.master
    versions = lab.command("gnt-cluster", "version")
    assert f"Software version: {info.software_version}\n" in versions
    assert f"Configuration format: {info.config_version}\n" in versions
    assert f"OS api version: {info.os_api_version}\n" in versions
    assert info.ctime is not None


def test_which_api_it_speaks(client: Client) -> None:
    client.cluster.root()
    client.cluster.root(versioned=True)
    assert client.cluster.api_version() == 2
    assert set(client.cluster.features()) == {
        "instance-create-reqv1",
        "instance-reinstall-reqv1",
        "node-migrate-reqv1",
        "node-evac-res1",
    }
    assert client.version == (3, 0)


def test_which_systems_can_be_installed(lab: Lab, client: Client) -> None:
    assert client.cluster.operating_systems() == lab.command("gnt-os", "list", "--no-headers").split()


def test_which_tags_there_are(lab: Lab, client: Client) -> None:
    def listed(kind: str, *name: str) -> list[str]:
        return sorted(lab.command(f"gnt-{kind}", "list-tags", *name).split())

    tagged = "vm2" if lab.name == "lab1" else "vm1"
    assert client.cluster.tags() == listed("cluster") != []
    for kind, resource, name in (
        ("node", client.nodes, client.nodes.names()[0]),
        ("instance", client.instances, f"{tagged}.{lab.domain}"),
        ("network", client.networks, "net1"),
        ("group", client.groups, "rack2" if lab.name == "lab2" else "default"),
    ):
        found = resource.tags(name)
        assert found == sorted(listed(kind, name))
        assert found or name == "default"


def test_which_nodes_there_are_and_what_each_of_them_is(lab: Lab, client: Client) -> None:
    fields = "name,uuid,role,pip,sip,group,group.uuid,mtotal,ctotal,bootid,serial_no"
    said = lab.table("gnt-node", "list", "-o", fields, "--units=m")
    rows = client.query.nodes().parse()
    assert said == [
        [
            *(row.name, row.uuid, row.role, row.pip, row.sip, row.group, row.group_uuid),
            *(words(value) for value in (row.mtotal_mib, row.ctotal, row.bootid, row.serial_no)),
        ]
        for row in rows
    ]
    assert client.nodes.names() == sorted(row.name for row in rows)
    for row, node in zip(rows, client.nodes.list(), strict=True):
        moves = {"mfree_mib", "dfree_mib", "mnode_mib", "pinst_cnt", "pinst_list"}
        told = row.model_dump(exclude=moves)
        assert node.model_dump(exclude=moves) == {key: told[key] for key in node.model_dump(exclude=moves)}
        assert client.nodes.get(node.name).uuid == node.uuid
        assert client.nodes.role(node.name) == ROLES[node.role]
        assert row.master is (node.role == "M")


@pytest.mark.parametrize("kind", ["file", "sharedfile"])
def test_what_storage_a_node_has(kind: Any, lab: Lab, client: Client) -> None:
    name = client.nodes.names()[-1]
    fields = "node,type,name,size,allocatable"
    said = lab.table("gnt-node", "list-storage", f"--storage-type={kind}", "-o", fields, "--units=m", name)
    [unit] = storage_units(finished(client, client.nodes.storage(name, storage_type=kind)).opresult)
    assert said == [[unit.node, unit.type, unit.name, words(unit.size_mib), "Y"]]
    assert unit.free_mib
    assert unit.allocatable


def test_which_groups_there_are_and_what_each_of_them_is(lab: Lab, client: Client) -> None:
    ours = [group for group in client.groups.list() if not group.name.startswith("contract")]
    fields = "name,uuid,node_cnt,alloc_policy,node_list"
    said = lab.table("gnt-group", "list", "-o", fields)
    assert [row for row in said if not row[0].startswith("contract")] == [
        [
            words(value)
            for value in (group.name, group.uuid, group.node_cnt, group.alloc_policy, group.node_list)
        ]
        for group in ours
    ]
    assert set(client.groups.names()) >= {group.name for group in ours}
    for group in ours:
        assert client.groups.get(group.name) == group
        assert group.ipolicy["minmax"]


def test_which_networks_there_are_and_what_each_of_them_is(lab: Lab, client: Client) -> None:
    [network] = [item for item in client.networks.list() if item.name == "net1"]
    fields = "name,uuid,network,gateway,free_count,reserved_count,external_reservations"
    assert lab.table("gnt-network", "list", "-o", fields, "net1") == [
        [
            *(network.name, network.uuid, network.network, words(network.gateway)),
            *(words(value) for value in (network.free_count, network.reserved_count)),
            words(network.external_reservations),
        ]
    ]
    assert client.networks.get("net1") == network
    assert "net1" in client.networks.names()
    [connection] = network.connections
    assert (connection.group, connection.mode, connection.link) == ("default", "bridged", "gntbr1")
    assert network.map
    assert network.map.count("X") == network.reserved_count


@pytest.mark.parametrize("resource", get_args(QueryResource))
def test_which_fields_can_be_asked_for(resource: QueryResource, lab: Lab, client: Client) -> None:
    fields = {field.name: field for field in client.query.fields(resource)}
    command = {"export": "backup"}.get(resource, resource)
    if resource not in ("lock", "filter"):
        said = lab.table(f"gnt-{command}", "list-fields")
        told = {name: (title, doc) for name, _, title, doc in said}
        assert {name: (field.title, field.doc) for name, field in fields.items()} == told
    one = next(iter(fields))
    assert client.query.fields(resource, [one, "nosuch"])[0] == fields[one]
    assert client.query.fields(resource, ["nosuch"])[0].kind == "unknown"
