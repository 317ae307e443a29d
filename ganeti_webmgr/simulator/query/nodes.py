"""The fields of nodes and node groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.capacity import free_disk, free_memory
from ..model.config import Config
from ..model.instance import Instance
from ..model.node import Group, Node
from .cells import NO_DATA, OFFLINE, UNAVAILABLE

NODE_BULK = [
    "name",
    "offline",
    "master_candidate",
    "drained",
    "dtotal",
    "dfree",
    "sptotal",
    "spfree",
    "mtotal",
    "mnode",
    "mfree",
    "pinst_cnt",
    "sinst_cnt",
    "ctotal",
    "cnos",
    "cnodes",
    "csockets",
    "pip",
    "sip",
    "role",
    "pinst_list",
    "sinst_list",
    "master_capable",
    "vm_capable",
    "ndparams",
    "group.uuid",
    "ctime",
    "mtime",
    "uuid",
    "serial_no",
    "tags",
]
GROUP_BULK = [
    "alloc_policy",
    "name",
    "node_cnt",
    "node_list",
    "ipolicy",
    "custom_ipolicy",
    "diskparams",
    "custom_diskparams",
    "ndparams",
    "custom_ndparams",
    "ctime",
    "mtime",
    "uuid",
    "serial_no",
    "tags",
]

NodeGetter = Callable[[Config, Node], Any]
GroupGetter = Callable[[Config, Group], Any]


def _live(pick: Callable[[Config, Node], Any]) -> NodeGetter:
    def get(config: Config, node: Node) -> Any:
        if node.offline:
            return OFFLINE
        return pick(config, node) if node.reachable else NO_DATA

    return get


def _secondaries(config: Config, node: Node) -> list[Instance]:
    return [instance for instance in config.instances.values() if instance.snode == node.name]


def _names(instances: list[Instance]) -> list[str]:
    return [instance.name for instance in instances]


def _in_group(config: Config, group: Group) -> list[Instance]:
    nodes = {node.name for node in config.group_nodes(group)}
    return [instance for instance in config.instances.values() if instance.pnode in nodes]


NODE_GETTERS: dict[str, NodeGetter] = {
    "name": lambda _, n: n.name,
    "uuid": lambda _, n: n.uuid,
    "pip": lambda _, n: n.pip,
    "sip": lambda _, n: n.sip,
    "role": lambda _, n: n.role,
    "master": lambda _, n: n.master,
    "offline": lambda _, n: n.offline,
    "drained": lambda _, n: n.drained,
    "master_candidate": lambda _, n: n.master_candidate,
    "master_capable": lambda _, n: n.master_capable,
    "vm_capable": lambda _, n: n.vm_capable,
    "group": lambda config, n: config.group_of(n.name).name,
    "group.uuid": lambda _, n: n.group,
    "pinst_list": lambda config, n: _names(config.on_node(n.name)),
    "pinst_cnt": lambda config, n: len(config.on_node(n.name)),
    "sinst_list": lambda config, n: _names(_secondaries(config, n)),
    "sinst_cnt": lambda config, n: len(_secondaries(config, n)),
    "mtotal": _live(lambda _, n: n.memory),
    "mnode": _live(lambda _, n: n.used_by_system),
    "mfree": _live(free_memory),
    "dtotal": _live(lambda _, n: n.disk),
    "dfree": _live(free_disk),
    "sptotal": _live(lambda _config, _node: NO_DATA),
    "spfree": _live(lambda _config, _node: NO_DATA),
    "ctotal": _live(lambda _, n: n.cpus),
    "cnos": _live(lambda _, n: n.cpus),
    "cnodes": _live(lambda _, n: n.sockets),
    "csockets": _live(lambda _, n: n.sockets),
    "bootid": _live(lambda _, n: n.bootid),
    "ndparams": lambda config, n: config.ndparams(n),
    "custom_ndparams": lambda _, n: dict(n.ndparams),
    "powered": lambda _config, _node: UNAVAILABLE,
    "hv_state": lambda _config, _node: UNAVAILABLE,
    "disk_state": lambda _config, _node: UNAVAILABLE,
    "ctime": lambda _, n: n.ctime,
    "mtime": lambda _, n: n.mtime,
    "serial_no": lambda _, n: n.serial_no,
    "tags": lambda _, n: sorted(n.tags),
}

GROUP_GETTERS: dict[str, GroupGetter] = {
    "name": lambda _, g: g.name,
    "uuid": lambda _, g: g.uuid,
    "alloc_policy": lambda _, g: g.alloc_policy,
    "node_list": lambda config, g: [node.name for node in config.group_nodes(g)],
    "node_cnt": lambda config, g: len(config.group_nodes(g)),
    "pinst_list": lambda config, g: _names(_in_group(config, g)),
    "pinst_cnt": lambda config, g: len(_in_group(config, g)),
    "ipolicy": lambda config, g: config.ipolicy(g),
    "custom_ipolicy": lambda _, g: dict(g.ipolicy),
    "diskparams": lambda config, g: config.diskparams(g),
    "custom_diskparams": lambda _, g: dict(g.diskparams),
    "ndparams": lambda config, g: {**config.params["ndparams"], **g.ndparams},
    "custom_ndparams": lambda _, g: dict(g.ndparams),
    "ctime": lambda _, g: 0 if g.ctime == 0 else g.ctime,
    "mtime": lambda _, g: g.mtime,
    "serial_no": lambda _, g: g.serial_no,
    "tags": lambda _, g: sorted(g.tags),
}


def _node_parameter(key: str) -> NodeGetter:
    return lambda config, node: config.ndparams(node)[key]


def _group_parameter(key: str) -> GroupGetter:
    return lambda config, group: (config.params["ndparams"] | group.ndparams)[key]


for _key in ("cpu_speed", "exclusive_storage", "oob_program", "ovs", "ovs_link", "ovs_name", "spindle_count"):
    NODE_GETTERS[f"ndp/{_key}"] = _node_parameter(_key)
    GROUP_GETTERS[f"ndp/{_key}"] = _group_parameter(_key)
NODE_GETTERS["ndp/ssh_port"] = _node_parameter("ssh_port")
GROUP_GETTERS["ndp/ssh_port"] = _group_parameter("ssh_port")
