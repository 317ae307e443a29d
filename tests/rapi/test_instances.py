"""Where the versions of Ganeti differ, and where bodies are more than their arguments."""

from __future__ import annotations

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import DiskChange, DiskSpec, InstanceSpec, NicChange, NicSpec

from .conftest import Connect
from .server import Server, says


@pytest.fixture(autouse=True)
def _accepting(server: Server) -> None:
    server.script = says(42)


@pytest.mark.parametrize("version", ["2.16", "3.0", "3.1"])
def test_what_has_another_default_in_another_version_is_always_said(
    version: str, server: Server, connect: Connect
) -> None:
    client = connect(version=version)
    client.instances.modify("web", {})
    client.instances.rename("web", new_name="www")
    client.instances.create(InstanceSpec(instance_name="web"))
    modified, renamed, created = (heard.body for heard in server.heard)
    assert modified == {"hotplug": False}
    assert renamed == {"new_name": "www", "name_check": False, "ip_check": False}
    assert (created["name_check"], created["ip_check"]) == (False, False)


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        ("2.16", {"hotplug": False, "hotplug_if_possible": True}),
        ("3.0", {"hotplug": False, "hotplug_if_possible": True}),
        ("3.1", {"hotplug": True}),
    ],
)
def test_hotplug_if_possible_is_said_in_the_words_of_the_version(
    version: str, sent: dict[str, bool], server: Server, connect: Connect
) -> None:
    connect(version=version).instances.modify("web", {}, hotplug_if_possible=True)
    assert server.heard[0].body == sent


def test_changes_of_disks_and_nics_are_three_part_lists(server: Server, client: rapi.Client) -> None:
    client.instances.modify(
        "web",
        {
            "nics": [
                NicChange(action="add", nic=NicSpec(network="net1", ip="pool")),
                NicChange(action="modify", target="mgmt", nic=NicSpec(vlan="12")),
                NicChange(action="remove"),
            ],
            "disks": [
                DiskChange(
                    action="add", disk=DiskSpec(size_mib=1024, provider="pv", provider_params={"q": 1})
                ),
                DiskChange(action="attach", uuid="0ba2c65a-7456-4887-be54-f95460337ff9"),
                DiskChange(action="detach", target=1),
            ],
            "runtime_mem_mib": 512,
        },
        hotplug=True,
    )
    assert server.heard[0].body == {
        "nics": [
            ["add", -1, {"network": "net1", "ip": "pool"}],
            ["modify", "mgmt", {"vlan": "12"}],
            ["remove", -1, {}],
        ],
        "disks": [
            ["add", -1, {"size": 1024, "provider": "pv", "q": 1}],
            ["attach", -1, {"uuid": "0ba2c65a-7456-4887-be54-f95460337ff9"}],
            ["detach", 1, {}],
        ],
        "runtime_mem": 512,
        "hotplug": True,
    }


def test_an_import_always_says_its_private_parameters(server: Server, client: rapi.Client) -> None:
    client.instances.create(InstanceSpec(instance_name="web", mode="import", src_node="n1", src_path="web"))
    assert server.heard[0].body["osparams_private"] == {}


def test_many_creations_carry_no_version_each(server: Server, client: rapi.Client) -> None:
    client.instances.create_many([InstanceSpec(instance_name="a"), InstanceSpec(instance_name="b")])
    body = server.heard[0].body
    assert [spec["instance_name"] for spec in body["instances"]] == ["a", "b"]
    assert all("__version__" not in spec for spec in body["instances"])


def test_secrets_of_a_new_instance_are_neither_in_its_representation_nor_in_its_errors() -> None:
    spec = InstanceSpec(
        instance_name="web", osparams_secret={"k": "s3cret"}, osparams_private={"p": "s3cret"}
    )
    assert "s3cret" not in repr(spec)
    with pytest.raises(ValueError, match="osparams_secret") as caught:
        InstanceSpec.model_validate({"instance_name": "web", "osparams_secret": "s3cret"})
    assert "s3cret" not in str(caught.value)


def test_disks_are_recreated_with_new_sizes_or_as_they_were(server: Server, client: rapi.Client) -> None:
    client.instances.recreate_disks("web", disks=[0, 2])
    client.instances.recreate_disks("web", disks={1: DiskSpec(size_mib=64)})
    client.instances.recreate_disks("web")
    assert [heard.body for heard in server.heard] == [{"disks": [0, 2]}, {"disks": [[1, {"size": 64}]]}, {}]


def test_a_network_is_not_renamed_where_that_would_look_like_its_absence(
    server: Server, connect: Connect
) -> None:
    with pytest.raises(rapi.Invalid):
        connect(version="3.0").networks.rename("net", new_name="net2")
    assert server.heard == []
