"""Which part a node has in its cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.nodes.commands.command import NodeCommand
from ganeti_webmgr.nodes.models import Node

AWAY = (Node.Role.DRAINED, Node.Role.OFFLINE)
FLAGS: dict[rapi.NodeRole, str] = {
    "regular": "--master-candidate=no --drained=no --offline=no",
    "master-candidate": "--master-candidate=yes",
    "drained": "--drained=yes",
    "offline": "--offline=yes",
}


@dataclass(frozen=True, kw_only=True)
class RoleCommand(NodeCommand):
    """A change of the role. Where too few master candidates would be left, `auto_promote` makes one."""

    busy = "Changing"

    force: bool = False
    auto_promote: bool = False

    @property
    def to(self) -> rapi.NodeRole:
        """The role that it will have."""
        raise NotImplementedError

    @classmethod
    def unfit(cls, node: Node) -> str:
        if node.role == Node.Role.MASTER:
            return "It is the master. Make another node the master first: gnt-cluster master-failover, there."
        return ""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.set_role(
            target, self.to, force=self.force, auto_promote=self.auto_promote, reason=reason
        )

    def line(self, target: str) -> str:
        more = {" --auto-promote": self.auto_promote, " --force": self.force}
        return f"gnt-node modify {FLAGS[self.to]}{''.join(flag for flag in more if more[flag])} {target}"


@dataclass(frozen=True, kw_only=True)
class Drain(RoleCommand):
    """Keeps new machines off the node; those on it stay and run on."""

    name = "drain-node"
    label = "Drain"
    icon = "droplet-off"

    @property
    def to(self) -> rapi.NodeRole:
        return "drained"

    @classmethod
    def unfit(cls, node: Node) -> str:
        return super().unfit(node) or ("Drained already." if node.role == Node.Role.DRAINED else "")


@dataclass(frozen=True, kw_only=True)
class TakeOffline(RoleCommand):
    """Tells the cluster that the node is not there: nothing is asked of it, and nothing is started on it."""

    name = "take-node-offline"
    label = "Set offline"
    outcome = "offline"
    icon = "plug-connected-x"
    looks_first = True

    @property
    def to(self) -> rapi.NodeRole:
        return "offline"

    @classmethod
    def unfit(cls, node: Node) -> str:
        return super().unfit(node) or ("Offline already." if node.role == Node.Role.OFFLINE else "")


@dataclass(frozen=True, kw_only=True)
class ChangeRole(RoleCommand):
    """Among those that are in use: master candidate or regular."""

    name = "change-node-role"
    label = "Change role"
    linked = "of"
    icon = "transform"

    role: Literal["regular", "master-candidate"]

    @property
    def to(self) -> rapi.NodeRole:
        return self.role

    @classmethod
    def unfit(cls, node: Node) -> str:
        away = f"It is {node.get_role_display()}: bring it back." if node.role in AWAY else ""
        return super().unfit(node) or away

    def against(self, node: Node) -> str:
        if self.role == "master-candidate" and not node.details.get("master_capable", True):
            return "It is set to never be the master, so it cannot be a master candidate."
        return ""


@dataclass(frozen=True, kw_only=True)
class BringBack(ChangeRole):
    """Puts a node that was drained or offline in use again."""

    name = "bring-node-back"
    label = "Bring back"
    linked = ""
    icon = "plug"

    @classmethod
    def unfit(cls, node: Node) -> str:
        return "" if node.role in AWAY else "It is neither drained nor offline."
