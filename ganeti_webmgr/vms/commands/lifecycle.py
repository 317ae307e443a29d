"""New systems, new names, and the end."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded, MachineCommand
from ganeti_webmgr.jobs.lines import given
from ganeti_webmgr.vms.commands import fitness
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True, kw_only=True)
class Reinstall(MachineCommand):
    """Stops the machine, writes a new system on its disks, and starts it where that is wished."""

    name = "reinstall"
    label = "Reinstall"
    busy = "Reinstalling"
    icon = "cloud-down"
    permission = "reinstall"
    respects_lock = True
    looks_first = True
    leaves_no_trace = True

    os: str = ""
    osparams: dict[str, str] = field(default_factory=dict)
    start: bool = True

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.not_set_offline(vm) or fitness.has_disks(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        # Ganeti takes no reason here (reference, trap 26).
        return client.instances.reinstall(
            target, os=self.os or None, start=self.start, osparams=self.osparams or None
        )

    def line(self, target: str) -> str:
        os = f" -o {self.os}" if self.os else ""
        params = f" -O {shlex.quote(given(self.osparams))}" if self.osparams else ""
        lines = [f"gnt-instance shutdown {target}", f"gnt-instance reinstall{os}{params} {target}"]
        return "\n".join([*lines, *([f"gnt-instance startup {target}"] if self.start else [])])


@dataclass(frozen=True, kw_only=True)
class Rename(Guarded):
    name = "rename"
    label = "Rename"
    busy = "Renaming"
    icon = "cursor-text"
    permission = "modify"

    new_name: str
    name_check: bool = False
    ip_check: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.down(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.rename(
            target,
            new_name=self.new_name,
            name_check=self.name_check,
            ip_check=self.ip_check,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        checks = ("" if self.name_check else " --no-name-check") + ("" if self.ip_check else " --no-ip-check")
        return f"gnt-instance rename{checks} {target} {self.new_name}"


@dataclass(frozen=True, kw_only=True)
class Remove(Guarded):
    """Stops the machine and takes it and its disks away for good."""

    name = "remove"
    label = "Delete"
    busy = "Deleting"
    icon = "trash"
    permission = "remove"
    respects_lock = True

    shutdown_timeout_s: int = 120

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.delete(
            target, shutdown_timeout_s=self.shutdown_timeout_s, reason=reason, instance_uuid=uuid
        )

    def line(self, target: str) -> str:
        return f"gnt-instance remove --shutdown-timeout={self.shutdown_timeout_s} {target}"
