"""The fields of networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.config import Config
from ..model.network import Network
from .cells import or_unavailable

NETWORK_BULK = [
    "name",
    "network",
    "gateway",
    "network6",
    "gateway6",
    "mac_prefix",
    "free_count",
    "reserved_count",
    "map",
    "group_list",
    "inst_list",
    "external_reservations",
    "ctime",
    "mtime",
    "uuid",
    "serial_no",
    "tags",
]


def _groups(config: Config, network: Network) -> list[list[str]]:
    names = {group.uuid: group.name for group in config.groups.values()}
    return [[names[uuid], *how] for uuid, how in network.groups.items() if uuid in names]


def _users(config: Config, network: Network) -> list[str]:
    return [
        instance.name
        for instance in config.instances.values()
        if any(nic.network == network.uuid for nic in instance.nics)
    ]


NETWORK_GETTERS: dict[str, Callable[[Config, Network], Any]] = {
    "name": lambda _, n: n.name,
    "uuid": lambda _, n: n.uuid,
    "network": lambda _, n: n.network,
    "gateway": lambda _, n: or_unavailable(n.gateway),
    "network6": lambda _, n: or_unavailable(n.network6),
    "gateway6": lambda _, n: or_unavailable(n.gateway6),
    "mac_prefix": lambda _, n: or_unavailable(n.mac_prefix),
    "free_count": lambda _, n: n.range.num_addresses - len(n.taken()),
    "reserved_count": lambda _, n: len(n.taken()),
    "map": lambda _, n: n.map(),
    "external_reservations": lambda _, n: ", ".join(n.external()),
    "group_list": _groups,
    "group_cnt": lambda _, n: len(n.groups),
    "inst_list": _users,
    "inst_cnt": lambda config, n: len(_users(config, n)),
    "ctime": lambda _, n: n.ctime,
    "mtime": lambda _, n: n.mtime,
    "serial_no": lambda _, n: n.serial_no,
    "tags": lambda _, n: sorted(n.tags),
}
