"""What can be done to a virtual machine, in Ganeti's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Command

DEFAULT_TIMEOUT_S = 120  # Ganeti's own


@dataclass(frozen=True, kw_only=True)
class Start(Command):
    name = "start"
    label = "Start"
    busy = "Starting"
    icon = "player-play"
    permission = "power"

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
