"""The power of a node."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.nodes.commands.command import NodeCommand, online
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.wording import words


@dataclass(frozen=True, kw_only=True)
class PowerCycle(NodeCommand):
    """Restarts the node itself, at once and hard, with all that runs on it."""

    name = "power-cycle"
    label = "Power cycle"
    busy = "Power cycling"
    icon = "bolt"
    looks_first = True

    force: bool = False

    @classmethod
    def unfit(cls, node: Node) -> str:
        return online(node)

    def against(self, node: Node) -> str:
        if node.role == Node.Role.MASTER and not self.force:
            return "It is the master: Ganeti must be told to do it all the same."
        locked = node.primary_vms.filter(missing_since=None, oper_state=True).exclude(lock_reason="")
        names = locked.order_by("sort_name", "pk").values_list("name", flat=True)[:5]
        return f"Locked against being stopped: {words(names)}. Unlock it first." if names else ""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.powercycle(target, force=self.force, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-node powercycle{' --force' if self.force else ''} {target}"
