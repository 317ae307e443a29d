"""The storage of a node."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.nodes.commands.command import NodeCommand, online
from ganeti_webmgr.nodes.models import Node


@dataclass(frozen=True, kw_only=True)
class StorageCommand(NodeCommand):
    @classmethod
    def unfit(cls, node: Node) -> str:
        return online(node)


@dataclass(frozen=True, kw_only=True)
class ReadStorage(StorageCommand):
    """Asks the node for its storage units of one kind; they are the result of the job."""

    name = "read-storage"
    label = "Read storage"
    linked = "of"
    busy = "Being read"
    icon = "refresh"

    storage_type: rapi.StorageType

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.storage(target, storage_type=self.storage_type, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-node list-storage --storage-type={self.storage_type} {target}"


@dataclass(frozen=True, kw_only=True)
class ModifyStorage(StorageCommand):
    """Says whether new disks may be put on a physical volume."""

    name = "modify-storage"
    label = "Change storage"
    linked = "of"
    busy = "Changing"
    icon = "disc"

    unit: str
    allocatable: bool

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.modify_storage(
            target, storage_type="lvm-pv", unit=self.unit, allocatable=self.allocatable, reason=reason
        )

    def line(self, target: str) -> str:
        said = "yes" if self.allocatable else "no"
        return f"gnt-node modify-storage --allocatable={said} {target} lvm-pv {shlex.quote(self.unit)}"


@dataclass(frozen=True, kw_only=True)
class RepairStorage(StorageCommand):
    """Has a volume group forget the physical volumes that it has lost."""

    name = "repair-storage"
    label = "Repair storage"
    linked = "of"
    busy = "Being repaired"
    icon = "stethoscope"
    looks_first = True

    unit: str

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.nodes.repair_storage(target, unit=self.unit, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-node repair-storage {target} lvm-vg {shlex.quote(self.unit)}"
