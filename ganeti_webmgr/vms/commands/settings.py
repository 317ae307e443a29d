"""What a machine is meant to be."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded
from ganeti_webmgr.vms.commands import fitness
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True, kw_only=True)
class SetOffline(Guarded):
    """Marks the stopped machine so that it cannot be started and no memory is kept free for it."""

    name = "set-offline"
    label = "Set offline"
    outcome = "offline"
    busy = "Changing"
    icon = "circle-off"
    permission = "modify"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        if vm.admin_state == "offline":
            return "Set offline already."
        return fitness.stopped(vm)

    @classmethod
    def idle(cls, vm: VirtualMachine) -> str:
        return "Set offline already." if vm.admin_state == "offline" else ""

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.modify(target, {"offline": True}, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        return f"gnt-instance modify --offline {target}"


@dataclass(frozen=True, kw_only=True)
class SetOnline(Guarded):
    """Lets a machine that was set offline be started again."""

    name = "set-online"
    label = "Set online"
    outcome = "online"
    busy = "Changing"
    icon = "circle"
    permission = "modify"

    @classmethod
    def unfit(cls, vm: VirtualMachine) -> str:
        return "" if vm.admin_state == "offline" else "Not set offline."

    @classmethod
    def idle(cls, vm: VirtualMachine) -> str:
        return "" if vm.admin_state == "offline" else "Not set offline."

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        return client.instances.modify(target, {"offline": False}, reason=reason, instance_uuid=uuid)

    def line(self, target: str) -> str:
        return f"gnt-instance modify --online {target}"
