"""What can be done to a virtual machine, in Ganeti's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.permissions.quota import Size, counts_running_only
from ganeti_webmgr.vms.models import VirtualMachine

DEFAULT_TIMEOUT_S = 120  # Ganeti's own


@dataclass(frozen=True, kw_only=True)
class Start(Command):
    name = "start"
    label = "Start"
    busy = "Starting"
    icon = "player-play"
    permission = "power"

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
class ShutDown(Command):
    """Asks the guest to shut itself down, and turns it off when it has not within the time."""

    name = "shut-down"
    label = "Shut down"
    busy = "Shutting down"
    icon = "power"
    permission = "power"

    timeout_s: int = DEFAULT_TIMEOUT_S

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.shutdown(target, timeout_s=self.timeout_s, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance shutdown --timeout={self.timeout_s} {target}"


@dataclass(frozen=True, kw_only=True)
class ForceStop(Command):
    """Turns the machine off at once, as if its power were cut."""

    name = "force-stop"
    label = "Force stop"
    busy = "Shutting down"
    icon = "bolt"
    permission = "power"

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.shutdown(target, timeout_s=0, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance shutdown --timeout=0 {target}"


@dataclass(frozen=True, kw_only=True)
class Restart(Command):
    """Restarts the machine: soft in its hypervisor, hard in a new one, full with its disks closed between."""

    name = "restart"
    label = "Restart"
    busy = "Restarting"
    icon = "rotate-clockwise"
    permission = "power"

    kind: Literal["soft", "hard", "full"] = "hard"

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.reboot(target, type=self.kind, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance reboot --type={self.kind} {target}"


@dataclass(frozen=True, kw_only=True)
class SayOwner(Command):
    """Writes the owner's tag on the machine, so that ownership can be rebuilt from Ganeti alone."""

    name = "say-owner"
    label = "Note owner"
    busy = "Changing"
    icon = "tag"
    permission = "admin"

    tag: str
    stale: tuple[str, ...] = ()

    def then(self) -> Command | None:
        return ForgetOwner(tags=self.stale) if self.stale else None

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.add_tags(target, [self.tag], reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance add-tags {target} {self.tag}"


@dataclass(frozen=True, kw_only=True)
class ForgetOwner(Command):
    """Takes the tags of former owners away."""

    name = "forget-owner"
    label = "Remove tag of former owner"
    busy = "Changing"
    icon = "tag"
    permission = "admin"

    tags: tuple[str, ...]

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.remove_tags(target, self.tags, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance remove-tags {target} {' '.join(self.tags)}"
