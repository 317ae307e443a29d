"""A change of settings: parameters, network interfaces and disks, all in one job."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Guarded, MachineCommand
from ganeti_webmgr.jobs.lines import given
from ganeti_webmgr.permissions.quota import Size, counts_running_only
from ganeti_webmgr.vms.commands.power import Restart
from ganeti_webmgr.vms.hidden import unsealed
from ganeti_webmgr.vms.hypervisors import PARAMETERS
from ganeti_webmgr.vms.images.parameters import PRIVATE
from ganeti_webmgr.vms.models import VirtualMachine

if TYPE_CHECKING:
    from django.db.models import Model

DEFAULT = "default"  # takes an own value away (reference, 2.8)
UNBOUND = frozenset({"attach", "detach"})
OWN_CONNECTION = frozenset({"mode", "link", "vlan"})
Device = Sequence[Any]  # [action, uuid or -1, {parameters}]


@dataclass(frozen=True, kw_only=True)
class Modify(Guarded):
    """What is to be different; what is not named stays. Sizes are in MiB."""

    name = "modify"
    label = "Change"
    busy = "Changing"
    icon = "adjustments"
    permission = "modify"

    beparams: Mapping[str, Any] = field(default_factory=dict)
    hvparams: Mapping[str, Any] = field(default_factory=dict)
    osparams: Mapping[str, str] = field(default_factory=dict)
    private_osparams: Sequence[str] = ()  # only their names; what they are is sealed
    os: str = ""
    nics: Sequence[Device] = ()
    disks: Sequence[Device] = ()
    memory_now_mib: int = 0  # of a machine that runs; 0: as it is
    hotplug: bool = False
    ignore_policy: bool = False
    restart: bool = False  # hard, afterwards

    def __bool__(self) -> bool:
        told = self.osparams or self.private_osparams
        return bool(self.beparams or self.hvparams or told or self.os or self.devices or self.memory_now_mib)

    @property
    def devices(self) -> list[Device]:
        return [*self.nics, *self.disks]

    def also_needs(self, vm: VirtualMachine) -> list[tuple[str, Model]]:
        """Who reaches into the nodes, or into networks of his choice, administers the cluster."""
        reserved = {parameter.name for parameter in PARAMETERS.get(vm.hypervisor, ()) if parameter.admin_only}
        reaches_out = reserved & self.hvparams.keys() or any(
            OWN_CONNECTION & params.keys() for _, _, params in self.nics
        )
        # A disk that stands alone may be anybody's, and counts against nobody's quota.
        moves = any(action in UNBOUND for action, _, _ in self.disks)
        special = reaches_out or moves or self.ignore_policy
        needs: list[tuple[str, Model]] = [("admin", vm.cluster)] if special else []
        return [*needs, ("power", vm)] if self.restart else needs

    def against(self, vm: VirtualMachine) -> str:
        if self.restart and vm.lock_reason:
            return f"Locked: {vm.lock_reason}. Save the changes without a restart."
        if self.memory_now_mib and not vm.oper_state:
            return "It does not run: it has no memory now. Save the other changes alone."
        return ""

    def demand(self, vm: VirtualMachine) -> Size:
        counted = not counts_running_only(vm.cluster) or vm.admin_state == "up"
        memory = self._number("maxmem", vm) - vm.memory_mib if counted else 0
        vcpus = self._number("vcpus", vm) - vm.vcpus if counted else 0
        added = sum(params.get("size_mib") or 0 for action, _, params in self.disks if action == "add")
        return Size(memory_mib=max(memory, 0), vcpus=max(vcpus, 0), disk_mib=added)

    def then(self) -> MachineCommand | None:
        return Restart(kind="hard") if self.restart else None

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        changes: rapi.InstanceChanges = {}
        if self.beparams:
            changes["beparams"] = self.beparams
        if self.hvparams:
            changes["hvparams"] = self.hvparams
        if self.osparams:
            changes["osparams"] = self.osparams
        if private := unsealed(self.sealed).get(PRIVATE):
            changes["osparams_private"] = private
        if self.memory_now_mib:
            changes["runtime_mem_mib"] = self.memory_now_mib
        if self.ignore_policy:
            changes["ignore_ipolicy"] = True
        if self.os:
            changes["os_name"] = self.os
        if self.nics:
            changes["nics"] = [_nic(*change) for change in self.nics]
        if self.disks:
            changes["disks"] = [_disk(*change) for change in self.disks]
        return client.instances.modify(
            target, changes, hotplug_if_possible=self.hotplug, reason=reason, instance_uuid=uuid
        )

    def line(self, target: str) -> str:
        words = ["gnt-instance modify"]
        for flag, values in (("-B", self.beparams), ("-H", self.hvparams), ("-O", self.osparams)):
            if values:
                words.append(f"{flag} {shlex.quote(given(values))}")
        words += [f"--os-parameters-private {name}=…" for name in self.private_osparams]
        if self.memory_now_mib:
            words.append(f"--runtime-memory={self.memory_now_mib}")
        if self.os:
            words.append(f"--os-type={self.os}")
        words += [f"--net {_option(change)}" for change in self.nics]
        words += [f"--disk {_option(change)}" for change in self.disks]
        if self.hotplug:
            words.append("--hotplug-if-possible")
        if self.ignore_policy:
            words.append("--ignore-ipolicy")
        return " ".join([*words, target])

    def _number(self, name: str, vm: VirtualMachine) -> int:
        """The size as it will be; of one that is taken away, the cluster's."""
        of_cluster = vm.cluster.info.get("beparams", {}).get("default", {})
        present = {"maxmem": vm.memory_mib, "vcpus": vm.vcpus}[name]
        wanted = self.beparams.get(name, present)
        return int(of_cluster.get(name, present) if wanted == DEFAULT else wanted)


def _nic(action: Any, target: Any, params: Mapping[str, Any]) -> rapi.NicChange:
    return rapi.NicChange(action=action, target=target, nic=rapi.NicSpec(**params))


def _disk(action: Any, target: Any, params: Mapping[str, Any]) -> rapi.DiskChange:
    given = dict(params)
    uuid = given.pop("uuid", None)
    return rapi.DiskChange(action=action, target=target, disk=rapi.DiskSpec(**given), uuid=uuid)


def _option(change: Device) -> str:
    action, target, params = change
    words = {"size_mib": "size"}
    given = [f"{words.get(name, name)}={value}" for name, value in sorted(params.items())]
    where = action if action in {"add", "attach"} else f"{target}:{action}"
    return shlex.quote(":".join([where, ",".join(given)]) if given else where)
