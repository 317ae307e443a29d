"""The configuration of one cluster: everything that survives a restart, apart from jobs."""

from __future__ import annotations

import random
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from .instance import Disk, Instance, Nic
from .naming import Named
from .network import Network
from .node import Group, Node

FIRST_PORT, LAST_PORT = 11000, 14999
GLOBAL_HVPARAMS = frozenset({"migration_port", "migration_mode", "migration_bandwidth", "xen_cmd"})


@dataclass(kw_only=True)
class Config:
    """Objects by name, cluster-wide parameters, and where new identities come from."""

    name: str
    uuid: str
    version: str
    random: random.Random
    params: dict[str, Any]
    operating_systems: dict[str, list[str]] = field(default_factory=dict)
    nodes: Named[Node] = field(default_factory=Named)
    groups: Named[Group] = field(default_factory=Named)
    networks: Named[Network] = field(default_factory=Named)
    instances: Named[Instance] = field(default_factory=Named)
    detached: dict[str, Disk] = field(default_factory=dict)  # disks of no machine, by uuid
    filters: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    ctime: float = 0.0
    mtime: float = 0.0
    drained: bool = False
    next_port: int = FIRST_PORT

    @property
    def release(self) -> tuple[int, int]:
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def master(self) -> Node:
        return next(node for node in self.nodes.values() if node.master)

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def new_mac(self, prefix: str | None = None) -> str:
        tail = ":".join(f"{self.random.randrange(256):02x}" for _ in range(3))
        return f"{prefix or self.params['mac_prefix']}:{tail}"

    def new_port(self) -> int:
        """The next port of the pool no machine has."""
        taken = {instance.network_port for instance in self.instances.values()}
        port = self.next_port
        while port in taken:
            port = FIRST_PORT if port == LAST_PORT else port + 1
        self.next_port = port + 1
        return port

    def group_of(self, node: str) -> Group:
        wanted = self.nodes[node].group
        return next(group for group in self.groups.values() if group.uuid == wanted)

    def group_nodes(self, group: Group) -> list[Node]:
        return [node for node in self.nodes.values() if node.group == group.uuid]

    def network_of(self, nic: Nic) -> Network | None:
        if nic.network is None:
            return None
        return next((net for net in self.networks.values() if net.uuid == nic.network), None)

    def on_node(self, node: str) -> list[Instance]:
        return [instance for instance in self.instances.values() if instance.pnode == node]

    def hvparams(self, instance: Instance) -> dict[str, Any]:
        """Filled, without the parameters that only a cluster can set."""
        per_os = self.params["os_hvp"].get(instance.os, {}).get(instance.hypervisor, {})
        filled = self.params["hvparams"].get(instance.hypervisor, {}) | per_os | instance.hvparams
        return {key: value for key, value in filled.items() if key not in GLOBAL_HVPARAMS}

    def beparams(self, instance: Instance) -> dict[str, Any]:
        return {**self.params["beparams"]["default"], **instance.beparams}

    def nicparams(self, nic: Nic) -> dict[str, str]:
        return {**self.params["nicparams"]["default"], **nic.params}

    def ndparams(self, node: Node) -> dict[str, Any]:
        return {**self.params["ndparams"], **self.group_of(node.name).ndparams, **node.ndparams}

    def ipolicy(self, group: Group) -> dict[str, Any]:
        return {**self.params["ipolicy"], **group.ipolicy}

    def diskparams(self, group: Group) -> dict[str, Any]:
        merged: dict[str, Any] = deepcopy(self.params["diskparams"])
        for template, changes in group.diskparams.items():
            merged.setdefault(template, {}).update(changes)
        return merged
