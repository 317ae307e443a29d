"""The fields of instances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.config import Config
from ..model.instance import Instance, Nic
from ..model.node import Group
from ..model.status import node_answers, seen_running, status_of
from .cells import NO_DATA, OFFLINE, UNAVAILABLE, or_unavailable
from .console import console_cell

Getter = Callable[[Config, Instance], Any]

MAX_DISKS, MAX_NICS = 16, 8


def bulk_fields(release: tuple[int, int]) -> list[str]:
    """What the older answers (`/2/instances`) show, in their order."""
    custom = ["custom_hvparams", "custom_beparams", "custom_nicparams"]
    if release >= (3, 1):
        custom.append("custom_osparams")
    return [*_BULK, *custom, "ctime", "mtime", "uuid", "serial_no", "tags"]


def legacy(config: Config, instance: Instance) -> dict[str, Any]:
    """beparams with the key `memory` that the remote API adds."""
    beparams = config.beparams(instance)
    return {**beparams, "memory": beparams["maxmem"]}


_BULK = [
    "name",
    "admin_state",
    "os",
    "pnode",
    "snodes",
    "disk_template",
    "nic.ips",
    "nic.macs",
    "nic.modes",
    "nic.uuids",
    "nic.names",
    "nic.links",
    "nic.networks",
    "nic.networks.names",
    "nic.bridges",
    "network_port",
    "disk.sizes",
    "disk.spindles",
    "disk_usage",
    "disk.uuids",
    "disk.names",
    "beparams",
    "hvparams",
    "oper_state",
    "oper_ram",
    "oper_vcpus",
    "status",
]


def _live(pick: Callable[[Instance], Any]) -> Getter:
    def get(config: Config, instance: Instance) -> Any:
        if config.nodes[instance.pnode].offline:
            return OFFLINE
        if not node_answers(config, instance):
            return NO_DATA
        return pick(instance) if seen_running(config, instance) else UNAVAILABLE

    return get


def _oper_state(config: Config, instance: Instance) -> Any:
    return seen_running(config, instance) if node_answers(config, instance) else NO_DATA


def _groups(pick: Callable[[Group], str]) -> Getter:
    return lambda config, instance: [pick(config.group_of(node)) for node in instance.nodes[1:]]


def _network_name(config: Config, nic: Nic) -> str | None:
    network = config.network_of(nic)
    return network.name if network else None


def _bridge(config: Config, nic: Nic) -> str | None:
    params = config.nicparams(nic)
    return params["link"] if params["mode"] == "bridged" else None


NIC_PARTS: dict[str, Callable[[Config, Nic], Any]] = {
    "ip": lambda _, nic: nic.ip,
    "mac": lambda _, nic: nic.mac,
    "mode": lambda config, nic: config.nicparams(nic)["mode"],
    "link": lambda config, nic: config.nicparams(nic)["link"],
    "vlan": lambda config, nic: config.nicparams(nic)["vlan"] or None,
    "uuid": lambda _, nic: nic.uuid,
    "name": lambda _, nic: nic.name,
    "bridge": _bridge,
    "network": lambda _, nic: nic.network,
    "network.name": _network_name,
}

GETTERS: dict[str, Getter] = {
    "name": lambda _, i: i.name,
    "uuid": lambda _, i: i.uuid,
    "os": lambda _, i: i.os,
    "hypervisor": lambda _, i: i.hypervisor,
    "pnode": lambda _, i: i.pnode,
    "snodes": lambda _, i: i.nodes[1:],
    "pnode.group": lambda config, i: config.group_of(i.pnode).name,
    "pnode.group.uuid": lambda config, i: config.group_of(i.pnode).uuid,
    "snodes.group": _groups(lambda group: group.name),
    "snodes.group.uuid": _groups(lambda group: group.uuid),
    "admin_state": lambda _, i: i.admin_state,
    "admin_state_source": lambda _, i: i.admin_state_source,
    "admin_up": lambda _, i: i.admin_state == "up",
    "disks_active": lambda _, i: i.disks_active,
    "forthcoming": lambda _, i: i.forthcoming,
    "status": status_of,
    "oper_state": _oper_state,
    "oper_ram": _live(lambda i: i.running and i.running.ram),
    "oper_vcpus": _live(lambda i: i.running and i.running.vcpus),
    "console": console_cell,
    "disk_template": lambda _, i: i.template,
    "disk_usage": lambda _, i: i.space(),
    "disk.count": lambda _, i: len(i.disks),
    "disk.sizes": lambda _, i: [disk.size for disk in i.disks],
    "disk.spindles": lambda _, i: [None for _ in i.disks],
    "disk.names": lambda _, i: [disk.name for disk in i.disks],
    "disk.uuids": lambda _, i: [disk.uuid for disk in i.disks],
    "nic.count": lambda _, i: len(i.nics),
    "network_port": lambda _, i: or_unavailable(i.network_port),
    "vcpus": lambda config, i: config.beparams(i)["vcpus"],
    "beparams": lambda config, i: config.beparams(i),
    "hvparams": lambda config, i: config.hvparams(i),
    "osparams": lambda config, i: {**config.params["osparams"].get(i.os, {}), **i.osparams},
    "custom_beparams": lambda _, i: dict(i.beparams),
    "custom_hvparams": lambda _, i: dict(i.hvparams),
    "custom_osparams": lambda _, i: dict(i.osparams),
    "custom_nicparams": lambda _, i: [dict(nic.params) for nic in i.nics],
    "ctime": lambda _, i: i.ctime,
    "mtime": lambda _, i: i.mtime,
    "serial_no": lambda _, i: i.serial_no,
    "tags": lambda _, i: sorted(i.tags),
}


def _nth(items: Callable[[Instance], list[Any]], index: int, pick: Callable[[Config, Any], Any]) -> Getter:
    def get(config: Config, instance: Instance) -> Any:
        found = items(instance)
        return or_unavailable(pick(config, found[index])) if index < len(found) else UNAVAILABLE

    return get


def _attribute(name: str) -> Callable[[Config, Any], Any]:
    return lambda _, item: getattr(item, name)


def _all_nics(pick: Callable[[Config, Nic], Any]) -> Getter:
    return lambda config, instance: [pick(config, nic) for nic in instance.nics]


def _parameter(filled: Callable[[Config, Instance], dict[str, Any]], key: str) -> Getter:
    return lambda config, instance: or_unavailable(filled(config, instance).get(key))


def _derive(names: list[str]) -> None:
    for part, pick in NIC_PARTS.items():
        plural = "networks.names" if part == "network.name" else part + "s"
        GETTERS[f"nic.{plural}"] = _all_nics(pick)
        for index in range(MAX_NICS):
            GETTERS[f"nic.{part}/{index}"] = _nth(lambda i: i.nics, index, pick)
    for part in ("size", "name", "uuid"):
        for index in range(MAX_DISKS):
            GETTERS[f"disk.{part}/{index}"] = _nth(lambda i: i.disks, index, _attribute(part))
    for index in range(MAX_DISKS):
        GETTERS[f"disk.spindles/{index}"] = lambda _config, _instance: UNAVAILABLE
    for alias, target in _ALIASES.items():
        GETTERS[alias] = GETTERS[target]
    for name in names:
        if name.startswith("be/"):
            GETTERS[name] = _parameter(legacy, name[3:])
        elif name.startswith("hv/"):
            GETTERS[name] = _parameter(lambda config, i: config.hvparams(i), name[3:])


_ALIASES = {
    "sda_size": "disk.size/0",
    "sdb_size": "disk.size/1",
    "ip": "nic.ip/0",
    "mac": "nic.mac/0",
    "bridge": "nic.bridge/0",
    "nic_mode": "nic.mode/0",
    "nic_link": "nic.link/0",
    "nic_network": "nic.network/0",
}


def getters(names: list[str]) -> dict[str, Getter]:
    """How to read each of the fields Ganeti defines."""
    if "nic.ips" not in GETTERS:
        _derive(names)
    return GETTERS
