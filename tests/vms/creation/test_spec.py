"""The exact request bodies, as section 3 of the reference of Ganeti's remote API has them."""

from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.creation.commands import CreateMachine
from ganeti_webmgr.vms.creation.spec import instance_spec
from ganeti_webmgr.vms.hidden import sealed

LEAST: dict[str, Any] = {
    "instance_name": "web1.example.org",
    "mode": "create",
    "beparams": {"vcpus": 1, "minmem": 1024, "maxmem": 1024},
    "iallocator": ".",
    "disks": [],
    "nics": [],
    "start": True,
    "name_check": False,
    "ip_check": False,
    "wait_for_sync": True,
}


def body(**plan: Any) -> dict[str, Any]:
    return instance_spec(Blueprint(**plan), name="web1.example.org").body()


def test_what_nobody_asked_for_is_the_clusters_to_say() -> None:
    assert body() == LEAST


def test_everything_that_can_be_asked_for_is_sent() -> None:
    asked = body(
        os="image+debian-13",
        hypervisor="kvm",
        vcpus=4,
        memory_mib=8192,
        memory_min_mib=4096,
        disk_template="drbd",
        disks=(
            Disk(size_mib=20480, name="root", vg="fast", metavg="meta"),
            Disk(size_mib=4096, mode="ro"),
        ),
        nics=(
            Nic(network="public", ip="pool", mac="aa:00:00:12:34:56"),
            Nic(mode="openvswitch", link="switch1", vlan="12"),
            Nic(),
        ),
        primary_node="node1",
        secondary_node="node2",
        start=False,
        name_check=True,
        ip_check=True,
        wait_for_sync=False,
        ignore_policy=True,
        hvparams={"disk_cache": "none", "acpi": False},
        beparams={"auto_balance": False},
        osparams={"filesystem": "ext4"},
    )
    assert asked == {
        "instance_name": "web1.example.org",
        "mode": "create",
        "os_type": "image+debian-13",
        "hypervisor": "kvm",
        "beparams": {"vcpus": 4, "minmem": 4096, "maxmem": 8192, "auto_balance": False},
        "hvparams": {"disk_cache": "none", "acpi": False},
        "osparams": {"filesystem": "ext4"},
        "disk_template": "drbd",
        "disks": [
            {"size": 20480, "mode": "rw", "name": "root", "vg": "fast", "metavg": "meta"},
            {"size": 4096, "mode": "ro"},
        ],
        "nics": [
            {"network": "public", "ip": "pool", "mac": "aa:00:00:12:34:56"},
            {"mode": "openvswitch", "link": "switch1", "vlan": "12"},
            {},
        ],
        "pnode": "node1",
        "snode": "node2",
        "start": False,
        "name_check": True,
        "ip_check": True,
        "wait_for_sync": False,
        "ignore_ipolicy": True,
    }


@pytest.mark.parametrize(
    ("template", "disk", "sent"),
    [
        ("plain", Disk(size_mib=1024, vg="xenvg"), {"size": 1024, "mode": "rw", "vg": "xenvg"}),
        ("plain", Disk(adopt="old-lv"), {"mode": "rw", "adopt": "old-lv"}),
        ("blockdev", Disk(adopt="/dev/disk/by-id/x"), {"mode": "rw", "adopt": "/dev/disk/by-id/x"}),
        ("rbd", Disk(size_mib=1024, access="userspace"), {"size": 1024, "mode": "rw", "access": "userspace"}),
        (
            "ext",
            Disk(size_mib=1024, provider="pvc", params={"pool": "ssd"}),
            {"size": 1024, "mode": "rw", "provider": "pvc", "pool": "ssd"},
        ),
    ],
)
def test_disks_of_each_template(template: str, disk: Disk, sent: dict[str, Any]) -> None:
    assert body(disk_template=template, disks=(disk,))["disks"] == [sent]


def test_files_have_a_driver_and_a_directory() -> None:
    asked = body(disk_template="file", file_driver="loop", file_storage_dir="web")
    assert (asked["file_driver"], asked["file_storage_dir"]) == ("loop", "web")


def test_a_group_narrows_the_allocator_and_nodes_take_its_place() -> None:
    assert body(group="rack2")["group_name"] == "rack2"
    assert body(allocator="hail")["iallocator"] == "hail"
    assert "iallocator" not in body(primary_node="node1")


def test_a_machine_without_a_system_is_not_started() -> None:
    asked = body(install=False, start=True)
    assert (asked["no_install"], asked["start"]) == (True, False)


def test_the_owner_is_a_tag_of_the_request_itself() -> None:
    command = CreateMachine(owner_tag="gwm:owner:web", tags=("precious",))
    assert command.spec("web1").body()["tags"] == ["gwm:owner:web", "precious"]


def test_what_nobody_may_read_is_sent_and_shown_nowhere(settings: Any) -> None:
    hidden = {"private": {"root_password": "hunter2"}, "secret": {"token": "s3cret"}}
    command = CreateMachine(
        hidden_osparams={"root_password": "private", "token": "secret"}, sealed=sealed(hidden)
    )
    sent = command.spec("web1").body()
    assert sent["osparams_private"] == {"root_password": "hunter2"}
    assert sent["osparams_secret"] == {"token": "s3cret"}
    for shown in (
        repr(command),
        str(command.params),
        command.line("web1"),
        command.sealed,
        repr(command.spec("x")),
    ):
        assert "hunter2" not in shown
        assert "s3cret" not in shown
    assert "--os-parameters-private root_password=…" in command.line("web1")


def test_the_command_line_does_the_same() -> None:
    plan = CreateMachine(
        os="image+debian-13",
        hypervisor="kvm",
        hvparams={"disk_cache": "none"},
        disk_template="plain",
        disks=(Disk(size_mib=1024),),
        nics=(Nic(network="public", ip="pool"),),
        osparams={"greeting": "two words"},
        owner_tag="gwm:owner:web",
    )
    assert plan.line("web1") == " \\\n  ".join(
        [
            "gnt-instance add",
            "-t plain",
            "-o image+debian-13",
            "-H kvm:disk_cache=none",
            "-B minmem=1024,maxmem=1024,vcpus=1",
            "--disk 0:size=1024,mode=rw",
            "--net 0:ip=pool,network=public",
            "-O greeting='two words'",
            "-I .",
            "--tags gwm:owner:web",
            "--no-name-check",
            "--no-ip-check",
            "web1",
        ]
    )


def test_a_blueprint_survives_being_kept() -> None:
    plan = Blueprint(disks=(Disk(size_mib=1, params={"a": "b"}),), nics=(Nic(ip="pool"),), tags=("x",))
    assert Blueprint.of({**plan.as_data(), "owner_tag": "more"}) == plan
