"""Every resource and method of Ganeti's remote API has its call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import DiskSpec, InstanceSpec, OutcomeUnknown, Unreachable

from .conftest import Connect
from .server import Server, says

# Section 2 of the reference, as it stands there.
RESOURCES = """
GET             /
GET             /2
GET             /version
GET             /2/features
GET             /2/info
PUT             /2/redistribute-config
PUT             /2/modify
GET             /2/os
GET PUT DELETE  /2/tags
GET PUT         /2/query/RES
GET             /2/query/RES/fields
GET             /2/jobs
GET DELETE      /2/jobs/ID
GET             /2/jobs/ID/wait
GET POST        /2/filters
GET PUT DELETE  /2/filters/UUID
GET POST        /2/groups
GET DELETE      /2/groups/N
PUT             /2/groups/N/modify
PUT             /2/groups/N/rename
PUT             /2/groups/N/assign-nodes
GET PUT DELETE  /2/groups/N/tags
GET POST        /2/networks
GET DELETE      /2/networks/N
PUT             /2/networks/N/modify
PUT             /2/networks/N/rename
PUT             /2/networks/N/connect
PUT             /2/networks/N/disconnect
GET PUT DELETE  /2/networks/N/tags
GET             /2/nodes
GET             /2/nodes/N
GET PUT         /2/nodes/N/role
POST            /2/nodes/N/modify
POST            /2/nodes/N/evacuate
POST            /2/nodes/N/migrate
POST            /2/nodes/N/powercycle
GET             /2/nodes/N/storage
PUT             /2/nodes/N/storage/modify
PUT             /2/nodes/N/storage/repair
GET PUT DELETE  /2/nodes/N/tags
GET POST        /2/instances
POST            /2/instances-multi-alloc
GET DELETE      /2/instances/N
GET             /2/instances/N/info
PUT             /2/instances/N/startup
PUT             /2/instances/N/shutdown
POST            /2/instances/N/reboot
POST            /2/instances/N/reinstall
POST            /2/instances/N/replace-disks
PUT             /2/instances/N/activate-disks
PUT             /2/instances/N/deactivate-disks
POST            /2/instances/N/recreate-disks
POST            /2/instances/N/disk/IDX/grow
PUT             /2/instances/N/prepare-export
PUT             /2/instances/N/export
PUT             /2/instances/N/migrate
PUT             /2/instances/N/failover
PUT             /2/instances/N/rename
PUT             /2/instances/N/modify
GET             /2/instances/N/console
GET PUT DELETE  /2/instances/N/tags
"""

UUID = "a50da56d-dd02-4dc0-839d-17cb7d18ab01"
SPEC = InstanceSpec(instance_name="N")
IN_PATHS = {"RES": "instance", "ID": "7", "UUID": UUID, "IDX": "0"}

Call = Callable[[rapi.Client], Any]

CALLS: dict[str, Call] = {
    "GET /": lambda c: c.cluster.root(),
    "GET /2": lambda c: c.cluster.root(versioned=True),
    "GET /version": lambda c: c.cluster.api_version(),
    "GET /2/features": lambda c: c.cluster.features(),
    "GET /2/info": lambda c: c.cluster.info(),
    "PUT /2/redistribute-config": lambda c: c.cluster.redistribute_config(),
    "PUT /2/modify": lambda c: c.cluster.modify({"candidate_pool_size": 5}),
    "GET /2/os": lambda c: c.cluster.operating_systems(),
    "GET /2/tags": lambda c: c.cluster.tags(),
    "PUT /2/tags": lambda c: c.cluster.add_tags(["a"]),
    "DELETE /2/tags": lambda c: c.cluster.remove_tags(["a"]),
    "GET /2/query/RES": lambda c: c.query.instances(),
    "PUT /2/query/RES": lambda c: c.query.instances([UUID]),
    "GET /2/query/RES/fields": lambda c: c.query.fields("instance"),
    "GET /2/jobs": lambda c: c.jobs.list(),
    "GET /2/jobs/ID": lambda c: c.jobs.get(7),
    "DELETE /2/jobs/ID": lambda c: c.jobs.cancel(7),
    "GET /2/jobs/ID/wait": lambda c: c.jobs.wait(7),
    "GET /2/filters": lambda c: c.filters.list(),
    "POST /2/filters": lambda c: c.filters.create(action=("RATE_LIMIT", 3)),
    "GET /2/filters/UUID": lambda c: c.filters.get(UUID),
    "PUT /2/filters/UUID": lambda c: c.filters.replace(UUID, action="PAUSE"),
    "DELETE /2/filters/UUID": lambda c: c.filters.delete(UUID),
    "GET /2/groups": lambda c: c.groups.list(),
    "POST /2/groups": lambda c: c.groups.create("N"),
    "GET /2/groups/N": lambda c: c.groups.get("N"),
    "DELETE /2/groups/N": lambda c: c.groups.delete("N"),
    "PUT /2/groups/N/modify": lambda c: c.groups.modify("N", {"alloc_policy": "last_resort"}),
    "PUT /2/groups/N/rename": lambda c: c.groups.rename("N", new_name="M"),
    "PUT /2/groups/N/assign-nodes": lambda c: c.groups.assign_nodes("N", nodes=["n1"], force=True),
    "GET /2/groups/N/tags": lambda c: c.groups.tags("N"),
    "PUT /2/groups/N/tags": lambda c: c.groups.add_tags("N", ["a"]),
    "DELETE /2/groups/N/tags": lambda c: c.groups.remove_tags("N", ["a"]),
    "GET /2/networks": lambda c: c.networks.list(),
    "POST /2/networks": lambda c: c.networks.create("N", network="10.0.0.0/24"),
    "GET /2/networks/N": lambda c: c.networks.get("N"),
    "DELETE /2/networks/N": lambda c: c.networks.delete("N", force=True),
    "PUT /2/networks/N/modify": lambda c: c.networks.modify("N", gateway="10.0.0.1"),
    "PUT /2/networks/N/rename": lambda c: c.networks.rename("N", new_name="M"),
    "PUT /2/networks/N/connect": lambda c: c.networks.connect("N", group="g", mode="bridged", link="br0"),
    "PUT /2/networks/N/disconnect": lambda c: c.networks.disconnect("N", group="g"),
    "GET /2/networks/N/tags": lambda c: c.networks.tags("N"),
    "PUT /2/networks/N/tags": lambda c: c.networks.add_tags("N", ["a"]),
    "DELETE /2/networks/N/tags": lambda c: c.networks.remove_tags("N", ["a"]),
    "GET /2/nodes": lambda c: c.nodes.list(),
    "GET /2/nodes/N": lambda c: c.nodes.get("N"),
    "GET /2/nodes/N/role": lambda c: c.nodes.role("N"),
    "PUT /2/nodes/N/role": lambda c: c.nodes.set_role("N", "drained", auto_promote=True),
    "POST /2/nodes/N/modify": lambda c: c.nodes.modify("N", {"drained": True}),
    "POST /2/nodes/N/evacuate": lambda c: c.nodes.evacuate("N", mode="secondary-only"),
    "POST /2/nodes/N/migrate": lambda c: c.nodes.migrate("N"),
    "POST /2/nodes/N/powercycle": lambda c: c.nodes.powercycle("N", force=True),
    "GET /2/nodes/N/storage": lambda c: c.nodes.storage("N", storage_type="lvm-vg"),
    "PUT /2/nodes/N/storage/modify": lambda c: c.nodes.modify_storage(
        "N", storage_type="lvm-pv", unit="/dev/sda", allocatable=False
    ),
    "PUT /2/nodes/N/storage/repair": lambda c: c.nodes.repair_storage("N", unit="xenvg"),
    "GET /2/nodes/N/tags": lambda c: c.nodes.tags("N"),
    "PUT /2/nodes/N/tags": lambda c: c.nodes.add_tags("N", ["a"]),
    "DELETE /2/nodes/N/tags": lambda c: c.nodes.remove_tags("N", ["a"]),
    "GET /2/instances": lambda c: c.instances.list(),
    "POST /2/instances": lambda c: c.instances.create(SPEC),
    "POST /2/instances-multi-alloc": lambda c: c.instances.create_many([SPEC]),
    "GET /2/instances/N": lambda c: c.instances.get("N"),
    "DELETE /2/instances/N": lambda c: c.instances.delete("N"),
    "GET /2/instances/N/info": lambda c: c.instances.info("N"),
    "PUT /2/instances/N/startup": lambda c: c.instances.start("N"),
    "PUT /2/instances/N/shutdown": lambda c: c.instances.shutdown("N", timeout_s=5),
    "POST /2/instances/N/reboot": lambda c: c.instances.reboot("N", type="soft"),
    "POST /2/instances/N/reinstall": lambda c: c.instances.reinstall("N"),
    "POST /2/instances/N/replace-disks": lambda c: c.instances.replace_disks("N", mode="replace_auto"),
    "PUT /2/instances/N/activate-disks": lambda c: c.instances.activate_disks("N", ignore_size=True),
    "PUT /2/instances/N/deactivate-disks": lambda c: c.instances.deactivate_disks("N", force=True),
    "POST /2/instances/N/recreate-disks": lambda c: c.instances.recreate_disks(
        "N", disks={0: DiskSpec(size_mib=8)}
    ),
    "POST /2/instances/N/disk/IDX/grow": lambda c: c.instances.grow_disk("N", 0, amount_mib=64),
    "PUT /2/instances/N/prepare-export": lambda c: c.instances.prepare_export("N", mode="remote"),
    "PUT /2/instances/N/export": lambda c: c.instances.export("N", destination="n1"),
    "PUT /2/instances/N/migrate": lambda c: c.instances.migrate("N"),
    "PUT /2/instances/N/failover": lambda c: c.instances.failover("N"),
    "PUT /2/instances/N/rename": lambda c: c.instances.rename("N", new_name="M"),
    "PUT /2/instances/N/modify": lambda c: c.instances.modify("N", {"offline": True}),
    "GET /2/instances/N/console": lambda c: c.instances.console("N"),
    "GET /2/instances/N/tags": lambda c: c.instances.tags("N"),
    "PUT /2/instances/N/tags": lambda c: c.instances.add_tags("N", ["a"]),
    "DELETE /2/instances/N/tags": lambda c: c.instances.remove_tags("N", ["a"]),
}

# Everything of the reference's query arguments that the calls above do not send.
ARGUMENTS: dict[str, tuple[Call, list[tuple[str, str]]]] = {
    "start": (
        lambda c: c.instances.start("N", force=True, no_remember=True),
        [("force", "1"), ("no_remember", "1")],
    ),
    "shut down": (lambda c: c.instances.shutdown("N", no_remember=True), [("no_remember", "1")]),
    "reboot": (
        lambda c: c.instances.reboot("N", ignore_secondaries=True),
        [("type", "hard"), ("ignore_secondaries", "1")],
    ),
    "details without the nodes": (lambda c: c.instances.info("N", static=True), [("static", "1")]),
    "role": (
        lambda c: c.nodes.set_role("N", "regular", force=True, auto_promote=True, reason="r"),
        [("force", "1"), ("auto-promote", "1"), ("reason", "r")],
    ),
    "tags": (
        lambda c: c.nodes.add_tags("N", ["a b", "c&d"], reason="r"),
        [("tag", "a b"), ("tag", "c&d"), ("reason", "r")],
    ),
    "lists": (lambda c: c.networks.list(), [("bulk", "1")]),
    "names": (lambda c: c.networks.names(), []),
    "storage": (
        lambda c: c.nodes.storage("N", storage_type="lvm-vg", fields=["name", "free"]),
        [("storage_type", "lvm-vg"), ("output_fields", "name,free")],
    ),
    "physical volume": (
        lambda c: c.nodes.modify_storage("N", storage_type="lvm-pv", unit="/dev/sda1", allocatable=False),
        [("storage_type", "lvm-pv"), ("name", "/dev/sda1"), ("allocatable", "0")],
    ),
}


def listed() -> list[str]:
    lines = [line.split() for line in RESOURCES.strip().splitlines()]
    return [f"{method} {path}" for *methods, path in lines for method in methods]


def test_every_resource_and_method_has_a_call() -> None:
    assert sorted(CALLS) == sorted(listed())


@pytest.mark.parametrize("resource", listed())
def test_the_call_goes_where_the_reference_says(resource: str, server: Server, connect: Connect) -> None:
    server.script = says({"nothing": "of the kind"})
    # Understood as none of Ganeti's answers, which it is not; what was sent is what matters here.
    with suppress(Unreachable, OutcomeUnknown):
        CALLS[resource](connect(version="3.1"))
    [heard] = server.heard
    method, template = resource.split()
    path = "/".join(IN_PATHS.get(part, part) for part in template.split("/"))
    assert (heard.method, heard.path) == (method, path)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_are_flags_and_texts_as_ganeti_wants_them(
    name: str, server: Server, client: rapi.Client
) -> None:
    call, query = ARGUMENTS[name]
    server.script = says([] if name in {"lists", "names"} else 42)
    call(client)
    assert server.heard[0].query == query
