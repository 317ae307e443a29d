"""To another node, and out of the cluster as an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded, MachineCommand
from ganeti_webmgr.jobs.lines import flags
from ganeti_webmgr.nodes import moving
from ganeti_webmgr.vms.commands import fitness
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True, kw_only=True)
class Migrate(Guarded):
    """Moves the running machine to another node."""

    name = "migrate"
    label = "Migrate"
    busy = "Migrating"
    icon = "arrows-exchange"
    permission = "migrate"

    mode: Literal["", "live", "non-live"] = ""
    target_node: str = ""
    iallocator: str = ""
    cleanup: bool = False
    allow_failover: bool = False
    ignore_ipolicy: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return moving.migratable(vm) or moving.running(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.migrate(
            target,
            mode=self.mode or None,
            target_node=self.target_node or None,
            iallocator=self.iallocator or None,
            cleanup=self.cleanup,
            allow_failover=self.allow_failover,
            ignore_ipolicy=self.ignore_ipolicy,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        mode = f" --migration-mode={self.mode}" if self.mode else ""
        chosen = flags({"-n": self.target_node, "-I": self.iallocator})
        told = {
            " --cleanup": self.cleanup,
            " --allow-failover": self.allow_failover,
            " --ignore-ipolicy": self.ignore_ipolicy,
        }
        return f"gnt-instance migrate{mode}{chosen}{''.join(flag for flag in told if told[flag])} {target}"


@dataclass(frozen=True, kw_only=True)
class FailOver(Guarded):
    """Stops the machine on its node and starts it on another."""

    name = "fail-over"
    label = "Fail over"
    busy = "Failing over"
    icon = "arrow-forward-up"
    permission = "migrate"
    respects_lock = True

    target_node: str = ""
    iallocator: str = ""
    shutdown_timeout_s: int = 120
    ignore_consistency: bool = False
    ignore_ipolicy: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return moving.movable(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.failover(
            target,
            target_node=self.target_node or None,
            iallocator=self.iallocator or None,
            shutdown_timeout_s=self.shutdown_timeout_s,
            ignore_consistency=self.ignore_consistency,
            ignore_ipolicy=self.ignore_ipolicy,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        chosen = flags({"-n": self.target_node, "-I": self.iallocator})
        told = {
            " --ignore-consistency": self.ignore_consistency,
            " --ignore-ipolicy": self.ignore_ipolicy,
        }
        more = "".join(flag for flag in told if told[flag])
        return f"gnt-instance failover --shutdown-timeout={self.shutdown_timeout_s}{chosen}{more} {target}"


@dataclass(frozen=True, kw_only=True)
class Export(Guarded):
    """Writes the machine's disks into an export on a node."""

    name = "export"
    label = "Export"
    busy = "Exporting"
    icon = "package-export"
    permission = "export"

    destination: str
    shutdown: bool = True
    compress: str = "none"
    zero_free_space: bool = False
    long_sleep: bool = False

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.has_disks(vm) or fitness.node_there(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.export(
            target,
            destination=self.destination,
            mode="local",
            shutdown=self.shutdown,
            compress=self.compress,
            zero_free_space=self.zero_free_space,
            long_sleep=self.long_sleep,
            reason=reason,
            instance_uuid=uuid,
        )

    def line(self, target: str) -> str:
        told = {
            " --noshutdown": not self.shutdown,
            " --zero-free-space": self.zero_free_space,
            " --long-sleep": self.long_sleep,
        }
        more = "".join(flag for flag in told if told[flag])
        return f"gnt-backup export -n {self.destination} --compress={self.compress}{more} {target}"


@dataclass(frozen=True, kw_only=True)
class PrepareExport(MachineCommand):
    """Checks that the machine can be exported; for another cluster, makes the keys that it will need."""

    name = "prepare-export"
    label = "Prepare export"
    busy = "Preparing export"
    icon = "package"
    permission = "export"

    mode: Literal["local", "remote"] = "local"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return fitness.has_disks(vm)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.prepare_export(target, mode=self.mode, reason=reason)

    def line(self, target: str) -> str:
        return ""  # only the remote API has it
