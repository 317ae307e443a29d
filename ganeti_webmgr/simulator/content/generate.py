"""Makes the configuration of a cluster from its shape and a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from ..model.config import Config
from ..model.instance import Disk, Instance, Nic, Running
from ..model.network import Network
from ..model.node import Group, Node
from ..shape import Shape
from .names import OPERATING_SYSTEMS, Kind, machine

DAY_S = 86400
_DEFAULTS = files("ganeti_webmgr.simulator").joinpath("data/cluster.json").read_text("utf-8")


def generate(shape: Shape, *, seed: int, index: int, loopback: int, now: float) -> Config:
    """The configuration; apart from moments and addresses the same for the same seed and index."""
    rng = random.Random(f"{seed}/{shape.name}")  # noqa: S311 - made-up data
    born = now - 200 * DAY_S
    config = Config(
        name=shape.domain,
        uuid="",
        version=shape.version,
        random=rng,
        params=_params(shape.version),
        operating_systems=dict(OPERATING_SYSTEMS),
        tags=["simulated", f"site:{shape.name}"],
        ctime=born,
        mtime=born,
    )
    config.uuid = config.new_uuid()
    _add_nodes(config, shape, prefix=f"127.{loopback}.{index % 256}", born=born)
    _add_networks(config, born=born)
    nodes = _places(config)
    for number in range(shape.machines):
        _add_machine(config, shape, number, nodes, born=born + number * 3600)
    _add_trouble(config)
    return config


def _params(version: str) -> dict[str, Any]:
    params: dict[str, Any] = json.loads(_DEFAULTS)
    if version.startswith("3.1"):
        kvm = params["hvparams"]["kvm"]
        kvm.update(disk_discard="ignore", vhost_net=True)
        for name in ("xen-pvm", "xen-hvm"):
            params["hvparams"][name].pop("xen_cmd")
    return params


def _add_nodes(config: Config, shape: Shape, *, prefix: str, born: float) -> None:
    names = ["default"] if shape.nodes < 4 else ["default", "rack2"]
    for name in names:
        ctime = 0.0 if name == "default" else born
        group = Group(name=name, uuid=config.new_uuid(), ctime=ctime, mtime=born)
        config.groups.add(group)
    config.groups[names[-1]].alloc_policy = "preferred" if len(names) == 1 else "last_resort"
    memory = _node_memory(shape)
    for number in range(1, shape.nodes + 1):
        group = config.groups[names[-1] if number > (shape.nodes + 1) // 2 else names[0]]
        address = f"{prefix}.{number % 250 + 1}" if number < 250 else f"{prefix}.251"
        node = Node(
            name=f"node{number}.{shape.domain}",
            uuid=config.new_uuid(),
            group=group.uuid,
            pip=address,
            sip=address,
            memory=memory,
            disk=4 * 1024 * 1024,
            cpus=64,
            sockets=2,
            master=number == 1,
            master_candidate=number <= 10,
            ctime=born,
            mtime=born,
            tags=[f"rack:{'ab'[number % 2]}"],
            bootid=config.new_uuid(),
        )
        config.nodes.add(node)


def _node_memory(shape: Shape) -> int:
    """Enough for the machines with a third to spare."""
    each = shape.machines / max(1, shape.nodes)
    needed = int(each * 4096 * 1.5)
    return max(65536, -(-needed // 32768) * 32768)


def _add_networks(config: Config, *, born: float) -> None:
    for name, cidr, link in (("lan", "10.20.0.0/22", "br0"), ("dmz", "192.0.2.0/24", "br-dmz")):
        gateway = cidr.split("/")[0][:-1] + "1"
        network = Network(
            name=name, uuid=config.new_uuid(), network=cidr, gateway=gateway, ctime=born, mtime=born
        )
        for group in config.groups.values():
            network.groups[group.uuid] = ["bridged", link, ""]
        config.networks.add(network)


def _places(config: Config) -> Iterator[Node]:
    """Nodes in turn; the last of five or more stays empty, it is the drained one."""
    nodes = list(config.nodes.values())
    usable = nodes[:-1] if len(nodes) >= 5 else nodes
    while True:
        yield from usable


def _add_machine(config: Config, shape: Shape, number: int, nodes: Iterator[Node], *, born: float) -> None:
    name, kind = machine(number)
    pnode = next(nodes)
    peers = [node for node in config.group_nodes(config.group_of(pnode.name)) if not node.drained]
    mirrored = kind.name in ("web", "db", "mail", "app", "git") and len(peers) > 1
    template = "drbd" if mirrored else ("plain" if kind.name != "cache" else "sharedfile")
    snode = peers[(peers.index(pnode) + 1) % len(peers)].name if mirrored else None
    instance = Instance(
        name=f"{name}.{shape.domain}",
        uuid=config.new_uuid(),
        os=kind.os,
        hypervisor="kvm",
        pnode=pnode.name,
        snode=snode,
        template=template,
        disks=[Disk(uuid=config.new_uuid(), size=gib * 1024, template=template) for gib in kind.disks],
        nics=[_nic(config, kind)],
        beparams=_beparams(kind),
        tags=list(kind.tags),
        network_port=config.new_port(),
        ctime=born,
        mtime=born,
        admin_state="up",
        disks_active=True,
        serial_no=3,
    )
    for nic in instance.nics:
        network = config.network_of(nic)
        if network is not None and nic.ip:
            network.used[nic.ip] = instance.name
    config.instances.add(instance)
    instance.running = Running(
        node=pnode.name, ram=kind.memory, vcpus=kind.vcpus, hvparams=config.hvparams(instance)
    )


def _beparams(kind: Kind) -> dict[str, Any]:
    return {"minmem": kind.memory, "maxmem": kind.memory, "vcpus": kind.vcpus}


def _nic(config: Config, kind: Kind) -> Nic:
    network = config.networks["dmz" if kind.name in ("web", "mail", "proxy") else "lan"]
    address = network.free_address()
    found = network if address else None
    return Nic(
        uuid=config.new_uuid(),
        mac=config.new_mac(),
        ip=address,
        network=found.uuid if found else None,
        params={"mode": "bridged", "link": "br-dmz" if network.name == "dmz" else "br0"} if found else {},
    )


def _add_trouble(config: Config) -> None:
    """Every tenth or so is not simply running; the first machines always are."""
    for number, instance in enumerate(list(config.instances.values())):
        match number % 20:
            case 6 | 15:
                _stop(instance)
            case 9:
                instance.crash()
            case 12:
                _stop(instance)
                instance.admin_state_source = "user"
            case 17:
                _stop(instance)
                if number > 20:
                    instance.admin_state = "offline"
            case 18 if number > 20 and len(config.nodes) > 1 and instance.running:
                others = [name for name in config.nodes if name != instance.pnode]
                instance.running.node = others[0]
            case 19 if number > 20:
                instance.admin_state = "down"
    if len(config.nodes) >= 5:
        drained = list(config.nodes.values())[-1]
        drained.drained, drained.master_candidate = True, False


def _stop(instance: Instance) -> None:
    instance.crash()
    instance.admin_state, instance.disks_active = "down", False
