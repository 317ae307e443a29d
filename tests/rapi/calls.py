"""The client's call for each kind of recorded request: method, path, and how to make it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import DiskChange, DiskSpec, InstanceSpec, NicChange, NicSpec

Arguments = dict[str, Any]
Call = Callable[[rapi.Client, list[str], dict[str, str], Arguments], Any]

N = r"([^/]+)"


def _spec(body: Arguments) -> InstanceSpec:
    content = {key: value for key, value in body.items() if key not in {"__version__", "depends"}}
    content["disks"] = [_disk(disk) for disk in body["disks"]]
    return InstanceSpec.model_validate(content)


def _disk(disk: Arguments) -> DiskSpec:
    size = {"size_mib": mib(disk["size"])} if "size" in disk else {}
    return DiskSpec.model_validate({key: disk[key] for key in disk if key != "size"} | size)


def mib(size: int | str) -> int:
    """The size, also where it was sent with a unit."""
    units = {"m": 1, "g": 1024}
    return size if isinstance(size, int) else int(size[:-1]) * units[size[-1].lower()]


def _disk_change(entry: list[Any]) -> DiskChange:
    target = entry[1] if len(entry) == 3 else -1
    return DiskChange(action=entry[0], target=target, disk=_disk(entry[-1]))


def _nic_change(entry: list[Any]) -> NicChange:
    target = entry[1] if len(entry) == 3 else -1
    return NicChange(action=entry[0], target=target, nic=NicSpec.model_validate(entry[-1]))


def _modify(client: rapi.Client, name: str, body: Arguments) -> int:
    changes = dict(body)
    flags = {key: changes.pop(key) for key in ("hotplug", "hotplug_if_possible") if key in changes}
    if "nics" in changes:
        changes["nics"] = [_nic_change(entry) for entry in changes["nics"]]
    if "disks" in changes:
        changes["disks"] = [_disk_change(entry) for entry in changes["disks"]]
    return client.instances.modify(name, cast("Any", changes), **flags)


def _flags(query: dict[str, str], *names: str) -> Arguments:
    return {name: bool(int(query.get(name.replace("dry_run", "dry-run"), "0"))) for name in names}


def _fields(query: dict[str, str], body: Arguments) -> list[str]:
    return cast("list[str]", body.get("fields")) or query["fields"].split(",")


def _list_or_names(group: str) -> Call:
    def call(client: rapi.Client, _: list[str], query: dict[str, str], __: Arguments) -> Any:
        resource = getattr(client, group)
        if query.get("bulk") == "1":
            return resource.list()
        names = {"jobs": "ids", "filters": "uuids"}.get(group, "names")
        return getattr(resource, names)()

    return call


def _timeout(body: Arguments) -> Arguments:
    return {"shutdown_timeout_s" if key == "shutdown_timeout" else key: value for key, value in body.items()}


CALLS: list[tuple[str, str, Call]] = [
    ("GET", r"/", lambda c, _, q, b: c.cluster.root()),
    ("GET", r"/2", lambda c, _, q, b: c.cluster.root(versioned=True)),
    ("GET", r"/version", lambda c, _, q, b: c.cluster.api_version()),
    ("GET", r"/2/features", lambda c, _, q, b: c.cluster.features()),
    ("GET", r"/2/info", lambda c, _, q, b: c.cluster.info()),
    ("GET", r"/2/os", lambda c, _, q, b: c.cluster.operating_systems()),
    ("PUT", r"/2/modify", lambda c, _, q, b: c.cluster.modify(cast("Any", b))),
    ("PUT", r"/2/redistribute-config", lambda c, _, q, b: c.cluster.redistribute_config()),
    ("GET", r"/2/tags", lambda c, _, q, b: c.cluster.tags()),
    ("PUT", r"/2/tags", lambda c, _, q, b: c.cluster.add_tags(q["tag"].split(","), **_flags(q, "dry_run"))),
    *[
        ("GET", f"/2/{g}", _list_or_names(g))
        for g in ("instances", "nodes", "groups", "networks", "jobs", "filters")
    ],
    ("GET", rf"/2/instances/{N}", lambda c, n, q, b: c.instances.get(n[0])),
    ("GET", rf"/2/nodes/{N}", lambda c, n, q, b: c.nodes.get(n[0])),
    ("GET", rf"/2/groups/{N}", lambda c, n, q, b: c.groups.get(n[0])),
    ("GET", rf"/2/networks/{N}", lambda c, n, q, b: c.networks.get(n[0])),
    ("GET", rf"/2/instances/{N}/tags", lambda c, n, q, b: c.instances.tags(n[0])),
    ("GET", rf"/2/nodes/{N}/tags", lambda c, n, q, b: c.nodes.tags(n[0])),
    ("GET", rf"/2/groups/{N}/tags", lambda c, n, q, b: c.groups.tags(n[0])),
    ("GET", rf"/2/networks/{N}/tags", lambda c, n, q, b: c.networks.tags(n[0])),
    ("PUT", rf"/2/instances/{N}/tags", lambda c, n, q, b: c.instances.add_tags(n[0], q["tag"].split(","))),
    # instances
    (
        "POST",
        r"/2/instances",
        lambda c, _, q, b: c.instances.create(
            _spec(b), **_flags(q, "dry_run"), **({"depends": b["depends"]} if "depends" in b else {})
        ),
    ),
    ("POST", r"/2/instances-multi-alloc", lambda c, _, q, b: c.instances.create_many(b["instances"])),
    ("DELETE", rf"/2/instances/{N}", lambda c, n, q, b: c.instances.delete(n[0], **_timeout(b))),
    ("GET", rf"/2/instances/{N}/info", lambda c, n, q, b: c.instances.info(n[0], **_flags(q, "static"))),
    ("GET", rf"/2/instances/{N}/console", lambda c, n, q, b: c.instances.console(n[0])),
    ("PUT", rf"/2/instances/{N}/startup", lambda c, n, q, b: c.instances.start(n[0])),
    (
        "PUT",
        rf"/2/instances/{N}/shutdown",
        lambda c, n, q, b: c.instances.shutdown(n[0], timeout_s=b.get("timeout"), **_flags(q, "no_remember")),
    ),
    (
        "POST",
        rf"/2/instances/{N}/reboot",
        lambda c, n, q, b: c.instances.reboot(n[0], type=cast("Any", q.get("type", "hard"))),
    ),
    ("POST", rf"/2/instances/{N}/reinstall", lambda c, n, q, b: c.instances.reinstall(n[0], **b)),
    ("PUT", rf"/2/instances/{N}/modify", lambda c, n, q, b: _modify(c, n[0], b)),
    (
        "POST",
        rf"/2/instances/{N}/disk/(\d+)/grow",
        lambda c, n, q, b: c.instances.grow_disk(
            n[0], int(n[1]), amount_mib=b["amount"], absolute=b.get("absolute")
        ),
    ),
    (
        "PUT",
        rf"/2/instances/{N}/prepare-export",
        lambda c, n, q, b: c.instances.prepare_export(n[0], mode=cast("Any", q["mode"])),
    ),
    ("PUT", rf"/2/instances/{N}/export", lambda c, n, q, b: c.instances.export(n[0], **b)),
    ("PUT", rf"/2/instances/{N}/migrate", lambda c, n, q, b: c.instances.migrate(n[0], **b)),
    ("PUT", rf"/2/instances/{N}/failover", lambda c, n, q, b: c.instances.failover(n[0], **b)),
    # nodes
    ("GET", rf"/2/nodes/{N}/role", lambda c, n, q, b: c.nodes.role(n[0])),
    (
        "PUT",
        rf"/2/nodes/{N}/role",
        lambda c, n, q, b: c.nodes.set_role(n[0], cast("Any", b), **_flags(q, "force")),
    ),
    ("POST", rf"/2/nodes/{N}/modify", lambda c, n, q, b: c.nodes.modify(n[0], cast("Any", b))),
    (
        "POST",
        rf"/2/nodes/{N}/evacuate",
        lambda c, n, q, b: c.nodes.evacuate(n[0], **b, **_flags(q, "dry_run")),
    ),
    ("POST", rf"/2/nodes/{N}/migrate", lambda c, n, q, b: c.nodes.migrate(n[0], **b)),
    ("POST", rf"/2/nodes/{N}/powercycle", lambda c, n, q, b: c.nodes.powercycle(n[0])),
    (
        "GET",
        rf"/2/nodes/{N}/storage",
        lambda c, n, q, b: c.nodes.storage(
            n[0],
            storage_type=cast("Any", q["storage_type"]),
            fields=cast("Any", q["output_fields"].split(",")),
        ),
    ),
    # groups and networks
    ("POST", r"/2/groups", lambda c, _, q, b: c.groups.create(b["group_name"])),
    ("DELETE", rf"/2/groups/{N}", lambda c, n, q, b: c.groups.delete(n[0])),
    (
        "PUT",
        rf"/2/groups/{N}/assign-nodes",
        lambda c, n, q, b: c.groups.assign_nodes(n[0], **b, **_flags(q, "force")),
    ),
    ("DELETE", rf"/2/networks/{N}", lambda c, n, q, b: c.networks.delete(n[0])),
    (
        "PUT",
        rf"/2/networks/{N}/connect",
        lambda c, n, q, b: c.networks.connect(
            n[0],
            group=b["group_name"],
            mode=b["network_mode"],
            link=b["network_link"],
            conflicts_check=b.get("conflicts_check"),
        ),
    ),
    (
        "PUT",
        rf"/2/networks/{N}/disconnect",
        lambda c, n, q, b: c.networks.disconnect(n[0], group=b["group_name"]),
    ),
    # jobs and filters
    ("GET", r"/2/jobs/(\d+)", lambda c, n, q, b: c.jobs.get(int(n[0]))),
    ("DELETE", r"/2/jobs/(\d+)", lambda c, n, q, b: c.jobs.cancel(int(n[0]))),
    (
        "GET",
        r"/2/jobs/(\d+)/wait",
        lambda c, n, q, b: c.jobs.wait(
            int(n[0]),
            fields=b.get("fields", ["status"]),
            previous=b.get("previous_job_info"),
            previous_log_serial=b.get("previous_log_serial"),
        ),
    ),
    ("POST", r"/2/filters", lambda c, _, q, b: c.filters.create(**b)),
    ("GET", rf"/2/filters/{N}", lambda c, n, q, b: c.filters.get(n[0])),
    # queries
    (
        "GET",
        rf"/2/query/{N}/fields",
        lambda c, n, q, b: c.query.fields(cast("Any", n[0]), q["fields"].split(",") if "fields" in q else ()),
    ),
    ("GET", rf"/2/query/{N}", lambda c, n, q, b: c.query.rows(cast("Any", n[0]), _fields(q, b))),
    (
        "PUT",
        rf"/2/query/{N}",
        lambda c, n, q, b: c.query.rows(cast("Any", n[0]), _fields(q, b), b.get("qfilter")),
    ),
]


def call_for(method: str, path: str) -> tuple[Call, list[str]] | None:
    """The call for such a request, and the names in its path."""
    for its_method, pattern, call in CALLS:
        match = re.fullmatch(pattern, path)
        if its_method == method and match:
            return call, list(match.groups())
    return None
