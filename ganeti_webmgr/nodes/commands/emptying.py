"""Machines away from a node. Each move is a job of its own, which Ganeti begins for the one asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.lines import flags
from ganeti_webmgr.nodes.commands.command import NodeCommand
from ganeti_webmgr.nodes.models import Node


def _empty(node: Node, count: str) -> str:
    return "" if node.details.get(count) else "There is none."


@dataclass(frozen=True, kw_only=True)
class MigrateAway(NodeCommand):
    """Moves the machines that run on the node, while they run."""

    name = "migrate-node"
    label = "Migrate machines away"
    linked = "from"
    busy = "Being emptied"
    icon = "arrows-exchange"
    looks_first = True

    mode: Literal["", "live", "non-live"] = ""
    target_node: str = ""
    iallocator: str = ""
    ignore_ipolicy: bool = False

    @classmethod
    def unfit(cls, node: Node) -> str:
        if node.role == Node.Role.OFFLINE:
            return "It is offline, so nothing can be migrated off it. Fail its machines over instead."
        return ""

    @classmethod
    def idle(cls, node: Node) -> str:
        return _empty(node, "pinst_cnt")

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        # Ganeti takes no reason here (reference, 2.7); it gives the comment back just so.
        return client.nodes.migrate(
            target,
            mode=self.mode or None,
            target_node=self.target_node or None,
            iallocator=self.iallocator or None,
            ignore_ipolicy=self.ignore_ipolicy,
            comment=reason,
        )

    def line(self, target: str) -> str:
        mode = f" --migration-mode={self.mode}" if self.mode else ""
        chosen = flags({"-n": self.target_node, "-I": self.iallocator})
        policy = " --ignore-ipolicy" if self.ignore_ipolicy else ""
        return f"gnt-node migrate{mode}{chosen}{policy} {target}"


class Evacuation(NodeCommand):
    """Machines away for good. Ganeti does one side at a time."""

    busy = "Being emptied"
    icon = "replace"
    looks_first = True

    side: ClassVar[Literal["primary-only", "secondary-only"]]


@dataclass(frozen=True, kw_only=True)
class EvacuatePrimaries(Evacuation):
    """Moves the machines that have it as their primary node: running ones migrate, others fail over."""

    name = "evacuate-primaries"
    label = "Evacuate primaries"
    linked = "of"
    side = "primary-only"

    iallocator: str = ""

    @classmethod
    def idle(cls, node: Node) -> str:
        return _empty(node, "pinst_cnt")

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.evacuate(
            target, mode=self.side, iallocator=self.iallocator or None, reason=reason
        )

    def line(self, target: str) -> str:
        return f"gnt-node evacuate --primary-only{flags({'-I': self.iallocator})} {target}"


@dataclass(frozen=True, kw_only=True)
class EvacuateSecondaries(Evacuation):
    """Gives the machines whose mirror is on the node another second node; their data are copied there."""

    name = "evacuate-secondaries"
    label = "Evacuate secondaries"
    linked = "of"
    side = "secondary-only"

    remote_node: str = ""
    iallocator: str = ""
    early_release: bool = False

    @classmethod
    def idle(cls, node: Node) -> str:
        return _empty(node, "sinst_cnt")

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.evacuate(
            target,
            mode=self.side,
            remote_node=self.remote_node or None,
            iallocator=self.iallocator or None,
            early_release=self.early_release or None,
            reason=reason,
        )

    def line(self, target: str) -> str:
        chosen = flags({"-n": self.remote_node, "-I": self.iallocator})
        early = " --early-release" if self.early_release else ""
        return f"gnt-node evacuate --secondary-only{chosen}{early} {target}"
