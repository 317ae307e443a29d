"""The disks of a machine as a whole; adding and taking away single ones is a change of settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded, MachineCommand
from ganeti_webmgr.jobs.lines import flags
from ganeti_webmgr.permissions.quota import Size
from ganeti_webmgr.vms.commands import fitness
from ganeti_webmgr.vms.models import VirtualMachine

ReplaceMode = Literal["replace_on_primary", "replace_on_secondary", "replace_new_secondary", "replace_auto"]
REPLACE_FLAGS = {"replace_on_primary": "-p", "replace_on_secondary": "-s", "replace_auto": "-a"}


@dataclass(frozen=True, kw_only=True)
class GrowDisk(Guarded):
    """Makes a disk larger, to a size and not by one: asked for twice, it grows once."""

    name = "grow-disk"
    label = "Grow disk"
    busy = "Growing disk"
    icon = "arrows-maximize"
    permission = "modify"

    disk: int
    size_mib: int
    wait_for_sync: bool = True

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.growable(vm) or fitness.node_there(vm)

    def against(self, vm: VirtualMachine) -> str:
        return "" if self.disk < len(vm.details["disks"]) else f"There is no disk/{self.disk} any more."

    def demand(self, vm: VirtualMachine) -> Size:
        now = vm.details["disks"][self.disk]["size_mib"] or 0
        return Size(disk_mib=max(self.size_mib - now, 0))

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.grow_disk(
            target,
            self.disk,
            amount_mib=self.size_mib,
            absolute=True,
            wait_for_sync=self.wait_for_sync,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        wait = "" if self.wait_for_sync else " --no-wait-for-sync"
        return f"gnt-instance grow-disk --absolute{wait} {target} {self.disk} {self.size_mib}M"


@dataclass(frozen=True, kw_only=True)
class ConvertDisks(Guarded):
    """Copies all disks into another kind of storage."""

    name = "convert-disks"
    label = "Convert disks"
    busy = "Converting disks"
    icon = "transform"
    permission = "modify"

    template: str
    remote_node: str = ""
    iallocator: str = ""
    provider: str = ""

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.convertible(vm) or fitness.down(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        changes: rapi.InstanceChanges = {"disk_template": self.template}
        if self.remote_node:
            changes["remote_node"] = self.remote_node
        if self.iallocator:
            changes["iallocator"] = self.iallocator
        if self.provider:
            changes["ext_params"] = {"provider": self.provider}
        return client.instances.modify(target, changes, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        provider = f" --ext-params provider={self.provider}" if self.provider else ""
        chosen = flags({"-n": self.remote_node, "-I": self.iallocator})
        return f"gnt-instance modify -t {self.template}{chosen}{provider} {target}"


@dataclass(frozen=True, kw_only=True)
class ActivateDisks(MachineCommand):
    """Opens the disks on the node of a stopped machine, so that they can be looked into there."""

    name = "activate-disks"
    label = "Activate disks"
    busy = "Activating disks"
    icon = "plug"
    permission = "modify"

    ignore_size: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.has_disks(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.activate_disks(target, ignore_size=self.ignore_size, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance activate-disks{' --ignore-size' if self.ignore_size else ''} {target}"


@dataclass(frozen=True, kw_only=True)
class DeactivateDisks(MachineCommand):
    """Closes the disks of a stopped machine on its node."""

    name = "deactivate-disks"
    label = "Deactivate disks"
    busy = "Deactivating disks"
    icon = "plug-off"
    permission = "modify"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.has_disks(vm) or fitness.stopped(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.deactivate_disks(target, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance deactivate-disks {target}"


@dataclass(frozen=True, kw_only=True)
class RecreateDisks(Guarded):
    """Makes empty disks in the place of lost ones."""

    name = "recreate-disks"
    label = "Recreate disks"
    busy = "Recreating disks"
    icon = "database-plus"
    permission = "reinstall"
    respects_lock = True

    disks: Sequence[int] = ()
    node: str = ""
    iallocator: str = ""

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.has_disks(vm) or fitness.stopped(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.recreate_disks(
            target,
            disks=self.disks,
            nodes=[self.node] if self.node else None,
            iallocator=self.iallocator or None,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        disks = "".join(f" --disk={index}" for index in self.disks)
        chosen = flags({"-n": self.node, "-I": self.iallocator})
        return f"gnt-instance recreate-disks{disks}{chosen} {target}"


@dataclass(frozen=True, kw_only=True)
class ReplaceDisks(Guarded):
    """Gives a mirrored machine new disks on one of its nodes, or another secondary node."""

    name = "replace-disks"
    label = "Replace disks"
    busy = "Replacing disks"
    icon = "replace"
    permission = "replace_disks"

    mode: ReplaceMode
    disks: Sequence[int] = ()
    remote_node: str = ""
    iallocator: str = ""
    early_release: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.mirrored(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.replace_disks(
            target,
            mode=self.mode,
            disks=self.disks,
            remote_node=self.remote_node or None,
            iallocator=self.iallocator or None,
            early_release=self.early_release,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        how = f" {REPLACE_FLAGS[self.mode]}" if self.mode in REPLACE_FLAGS else ""
        chosen = flags({"-n": self.remote_node, "-I": self.iallocator})
        disks = f" --disks={','.join(map(str, self.disks))}" if self.disks else ""
        early = " --early-release" if self.early_release else ""
        return f"gnt-instance replace-disks{how}{chosen}{disks}{early} {target}"
