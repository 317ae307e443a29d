"""Starting and stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded, MachineCommand
from ganeti_webmgr.permissions.quota import Size, counts_running_only
from ganeti_webmgr.vms.commands import fitness
from ganeti_webmgr.vms.models import VirtualMachine

DEFAULT_TIMEOUT_S = 120  # Ganeti's own


@dataclass(frozen=True, kw_only=True)
class Start(MachineCommand):
    name = "start"
    label = "Start"
    busy = "Starting"
    icon = "player-play"
    permission = "power"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.not_set_offline(vm) or fitness.node_there(vm)

    @classmethod
    def idle(cls, vm: VirtualMachine) -> str:
        return "It is running already." if vm.status == "running" else ""

    def demand(self, vm: VirtualMachine) -> Size:
        """Where only running machines count, what it takes once it runs."""
        if vm.admin_state == "up" or not counts_running_only(vm.cluster):
            return Size()
        return Size(memory_mib=vm.memory_mib, vcpus=vm.vcpus)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.start(target, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance startup {target}"


@dataclass(frozen=True, kw_only=True)
class ShutDown(Guarded):
    """Asks the guest to shut itself down, and turns it off when it has not within the time."""

    name = "shut-down"
    label = "Shut down"
    busy = "Shutting down"
    icon = "power"
    permission = "power"
    respects_lock = True

    timeout_s: int = DEFAULT_TIMEOUT_S

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.not_set_offline(vm)

    @classmethod
    def idle(cls, vm: VirtualMachine) -> str:
        return "It is stopped already." if fitness.is_stopped(vm) else ""

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.shutdown(target, timeout_s=self.timeout_s, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        return f"gnt-instance shutdown --timeout={self.timeout_s} {target}"


@dataclass(frozen=True, kw_only=True)
class ForceStop(Guarded):
    """Turns the machine off at once, as if its power were cut."""

    name = "force-stop"
    label = "Force stop"
    busy = "Shutting down"
    icon = "bolt"
    permission = "power"
    respects_lock = True

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.not_set_offline(vm)

    @classmethod
    def idle(cls, vm: VirtualMachine) -> str:
        return "It is stopped already." if fitness.is_stopped(vm) else ""

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.shutdown(target, timeout_s=0, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        return f"gnt-instance shutdown --timeout=0 {target}"


@dataclass(frozen=True, kw_only=True)
class Restart(Guarded):
    """Restarts the machine: soft in its hypervisor, hard in a new one, full with its disks closed between."""

    name = "restart"
    label = "Restart"
    busy = "Restarting"
    icon = "rotate-clockwise"
    permission = "power"
    respects_lock = True

    kind: Literal["soft", "hard", "full"] = "hard"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.not_set_offline(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.reboot(target, type=self.kind, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        return f"gnt-instance reboot --type={self.kind} {target}"
