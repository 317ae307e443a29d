"""A new network, what it tells its machines, its name, the end."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.networks.commands.addresses import outside
from ganeti_webmgr.networks.commands.words import options
from ganeti_webmgr.networks.pool import WORDS
from ganeti_webmgr.networks.use import Users, pool_of
from ganeti_webmgr.ui.wording import words

NOTHING = "none"  # Ganeti's word, which it takes for the prefix alone
RENAMES_FROM = (3, 1)


@dataclass(frozen=True, kw_only=True)
class CreateNetwork(Command[Cluster]):
    """Makes a network on the cluster; machines can use it once a group is connected."""

    name = "create-network"
    label = "Create network"
    busy = "Creating a network on"
    icon = "plus"
    permission = "admin"

    new_name: str = ""
    cidr: str = ""
    gateway: str = ""
    network6: str = ""
    gateway6: str = ""
    mac_prefix: str = ""
    reserved: Sequence[str] = ()
    tags: Sequence[str] = ()
    conflicts_check: bool = True

    def names(self, on: Cluster) -> str:
        return self.new_name

    def against(self, on: Cluster) -> str:
        if on.networks.filter(name=self.new_name, missing_since=None).exists():
            return f"{on} has a network named {self.new_name} already."
        if on.jobs.open().filter(command=self.name, target_name=self.new_name).exists():
            return f"A network named {self.new_name} is being created on {on} already."
        return ""

    def ended(self, job: Job) -> None:
        """Says in the job which network was made, so that one leads to the other."""
        made = job.cluster.networks.filter(name=self.new_name, missing_since=None).first()
        if job.status == Status.DONE and made:
            job.network = made
            Job.objects.filter(pk=job.pk).update(network=made)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.create(
            target,
            network=self.cidr,
            gateway=self.gateway or None,
            network6=self.network6 or None,
            gateway6=self.gateway6 or None,
            mac_prefix=self.mac_prefix or None,
            add_reserved_ips=self.reserved or None,
            conflicts_check=self.conflicts_check,
            tags=self.tags or None,
            reason=reason,
        )

    def line(self, target: str) -> str:
        given = options(
            network=self.cidr,
            gateway=self.gateway,
            network6=self.network6,
            gateway6=self.gateway6,
            mac_prefix=self.mac_prefix,
            add_reserved_ips=",".join(self.reserved),
            tags=",".join(self.tags),
        )
        unchecked = "" if self.conflicts_check else " --no-conflicts-check"
        return f"gnt-network add{given}{unchecked} {shlex.quote(target)}"


@dataclass(frozen=True, kw_only=True)
class ChangeNetwork(Command[Network]):
    """Changes what the network tells its machines; what is None stays."""

    name = "change-network"
    label = "Change"
    busy = "Changing"
    icon = "adjustments"
    permission = "admin"

    gateway: str | None = None
    network6: str | None = None
    gateway6: str | None = None
    mac_prefix: str | None = None

    def against(self, on: Network) -> str:
        if not self.gateway or self.gateway == on.gateway:
            return ""
        pool = pool_of(on, Users(on).holders())
        kind = pool.taken.get(int(IPv4Address(self.gateway)))
        taken = f"{self.gateway} is {WORDS[kind]}." if kind else ""
        return outside(pool, [self.gateway]) or taken

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.modify(
            target,
            gateway=self.gateway,
            network6=self.network6,
            gateway6=self.gateway6,
            mac_prefix=self.mac_prefix,
            reason=reason,
        )

    def line(self, target: str) -> str:
        given = options(
            gateway=self.gateway,
            network6=self.network6,
            gateway6=self.gateway6,
            mac_prefix=self.mac_prefix,
        )
        return f"gnt-network modify{given} {shlex.quote(target)}"


@dataclass(frozen=True, kw_only=True)
class RenameNetwork(Command[Network]):
    name = "rename-network"
    label = "Rename"
    busy = "Renaming"
    icon = "cursor-text"
    permission = "admin"

    new_name: str

    @classmethod
    def unfit(cls, on: Network) -> str:
        version = on.cluster.version
        if version and rapi.Version.of(version) < RENAMES_FROM:
            return f"Ganeti renames networks from 3.1 on; {on.cluster} has {version}."
        return ""

    def against(self, on: Network) -> str:
        if on.cluster.networks.filter(name=self.new_name, missing_since=None).exists():
            return f"{on.cluster} has a network named {self.new_name} already."
        return ""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.rename(target, new_name=self.new_name, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-network rename {shlex.quote(target)} {shlex.quote(self.new_name)}"


@dataclass(frozen=True, kw_only=True)
class RemoveNetwork(Command[Network]):
    """Takes the network away, and with it what was reserved there."""

    name = "remove-network"
    label = "Delete"
    busy = "Deleting"
    icon = "trash"
    permission = "admin"
    looks_first = True

    @classmethod
    def unfit(cls, on: Network) -> str:
        groups = [how["group"] for how in on.connections]
        return f"Connected to {words(groups)}: disconnect that first." if groups else ""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.networks.delete(target, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-network remove {shlex.quote(target)}"
