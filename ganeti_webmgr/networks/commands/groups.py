"""The groups whose machines can use a network."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.networks.commands.words import some
from ganeti_webmgr.networks.use import Users
from ganeti_webmgr.rapi.networks import NetworkMode


@dataclass(frozen=True, kw_only=True)
class ConnectNetwork(Command[Network]):
    """Lets machines of a group use the network."""

    name = "connect-network"
    label = "Connect"
    busy = "Connecting"
    icon = "plug"
    permission = "admin"

    group: str = ""
    mode: NetworkMode = "bridged"
    link: str = ""
    vlan: str = ""
    conflicts_check: bool = True

    @classmethod
    def unfit(cls, on: Network) -> str:
        return "" if unconnected(on) else "All groups are connected."

    def against(self, on: Network) -> str:
        if self.group in {how["group"] for how in on.connections}:
            return f"{self.group} is connected already."
        return "" if self.group in unconnected(on) else f"{on.cluster} has no group {self.group}."

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.connect(
            target,
            group=self.group,
            mode=self.mode,
            link=self.link,
            vlan=self.vlan or None,
            conflicts_check=self.conflicts_check,
            reason=reason,
        )

    def line(self, target: str) -> str:
        params = f"mode={self.mode},link={self.link}" + (f",vlan={self.vlan}" if self.vlan else "")
        unchecked = "" if self.conflicts_check else " --no-conflicts-check"
        how = f"--nic-parameters={shlex.quote(params)}{unchecked}"
        return f"gnt-network connect {how} {shlex.quote(target)} {shlex.quote(self.group)}"


@dataclass(frozen=True, kw_only=True)
class DisconnectNetwork(Command[Network]):
    """Ends that machines of a group can use the network."""

    name = "disconnect-network"
    label = "Disconnect"
    busy = "Disconnecting"
    icon = "plug-off"
    permission = "admin"

    group: str = ""

    @classmethod
    def unfit(cls, on: Network) -> str:
        return "" if on.connections else "No group is connected."

    def against(self, on: Network) -> str:
        if self.group not in {how["group"] for how in on.connections}:
            return f"{self.group} is not connected."
        return held_up(Users(on).names(self.group))

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.disconnect(target, group=self.group, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-network disconnect {shlex.quote(target)} {shlex.quote(self.group)}"


def unconnected(network: Network) -> list[str]:
    """The groups of its cluster that are not connected."""
    connected = [how["group"] for how in network.connections]
    groups = network.cluster.nodegroups.filter(missing_since=None).exclude(name__in=connected)
    return list(groups.order_by("sort_name", "pk").values_list("name", flat=True))


def held_up(names: list[str]) -> str:
    """Why a group cannot be disconnected while these machines of it use the network."""
    if not names:
        return ""
    uses, them = ("uses", "its interface") if len(names) == 1 else ("use", "their interfaces")
    return f"In use there: {some(names)} {uses} it. Take {them} out of the network first."
