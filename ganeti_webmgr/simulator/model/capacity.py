"""What the nodes have left, and which of them has room for another machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .config import Config
from .node import Group, Node


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a machine takes; memory and disk in MiB. `nodes` is 2 for a mirrored one."""

    memory: int
    disk: int
    vcpus: int
    nodes: int = 1


class NoRoom(Exception):
    """No node can take it; the message is the allocator's."""


def free_memory(config: Config, node: Node) -> int:
    used = sum(
        instance.running.ram
        for instance in config.instances.values()
        if instance.running is not None and instance.running.node == node.name
    )
    return node.memory - node.used_by_system - used


def free_disk(config: Config, node: Node) -> int:
    return node.disk - sum(
        instance.space() for instance in config.instances.values() if node.name in instance.nodes
    )


def promised_memory(config: Config, node: Node) -> int:
    """Memory of machines that are configured to run here, whether they do or not."""
    return sum(
        config.beparams(instance)["maxmem"]
        for instance in config.on_node(node.name)
        if instance.admin_state == "up"
    )


def allocate(
    config: Config, need: Need, *, group: str | None = None, avoid: frozenset[str] = frozenset()
) -> list[str]:
    """Names of the best nodes, as hail would choose: the emptiest of the first group that has room."""
    order = {"preferred": 0, "last_resort": 1}
    groups = [item for item in config.groups.values() if group in (None, item.name, item.uuid)]
    groups = sorted((g for g in groups if g.alloc_policy in order), key=lambda g: order[g.alloc_policy])
    complaints = []
    for candidate in groups:
        chosen, failures = _in_group(config, candidate, need, avoid)
        if chosen:
            return chosen
        reasons = ", ".join(f"{why}: {count}" for why, count in sorted(failures.items()))
        complaints.append(
            f"Group {candidate.name} ({candidate.alloc_policy}): No valid allocation solutions, "
            f"failure reasons: {reasons or 'NoNodes'}"
        )
    raise NoRoom(", ".join(complaints) or "no usable node group")


def _in_group(
    config: Config, group: Group, need: Need, avoid: frozenset[str]
) -> tuple[list[str], Counter[str]]:
    failures: Counter[str] = Counter()
    fitting: list[tuple[int, str]] = []
    for node in config.group_nodes(group):
        if node.name in avoid or node.offline or node.drained or not node.vm_capable or not node.reachable:
            continue
        why = shortage(config, node, need)
        if why:
            failures[why] += 1
        else:
            fitting.append((-free_memory(config, node), node.name))
    if len(fitting) < need.nodes:
        return [], failures
    return [name for _, name in sorted(fitting)[: need.nodes]], failures


def shortage(config: Config, node: Node, need: Need) -> str | None:
    """hail's word for what is missing on that node, or None when the machine fits."""
    usable = node.memory - node.used_by_system - promised_memory(config, node)
    if min(usable, free_memory(config, node)) < need.memory:
        return "FailMem"
    if free_disk(config, node) < need.disk:
        return "FailDisk"
    vcpus = sum(config.beparams(instance)["vcpus"] for instance in config.on_node(node.name))
    ratio = config.ipolicy(config.group_of(node.name))["vcpu-ratio"]
    return "FailCPU" if vcpus + need.vcpus > node.cpus * ratio else None
