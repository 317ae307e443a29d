"""A change of settings as a table: what is now, what will be, and from when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.ui.wording import mib, setting
from ganeti_webmgr.vms.commands.change import DEFAULT, Modify
from ganeti_webmgr.vms.forms.parameters import BACKEND, MEMORY
from ganeti_webmgr.vms.hypervisors import PARAMETERS
from ganeti_webmgr.vms.models import VirtualMachine

AT_ONCE, AFTER_RESTART, AT_START = "at once", "after a restart", "at its next start"
PLUGGED, AT_INSTALLATION = "at once, where it can be", "at the next installation"
LIVE = {"auto_balance", "always_failover", "spindle_use"}
DEVICE = {
    "ip": "IP address",
    "link": "link",
    "mac": "MAC address",
    "mode": "mode",
    "name": "name",
    "network": "network",
    "vlan": "VLAN",
}
SAID = {"none": "none", "generate": "a new one", "pool": "the next free one"}


@dataclass(frozen=True)
class Change:
    """One line: `now` is empty where nothing was there before."""

    section: str
    title: str
    now: str
    then: str
    when: str

    @property
    def waits(self) -> bool:
        return self.when in (AFTER_RESTART, AT_START)


def changes(wanted: Modify, vm: VirtualMachine) -> list[Change]:
    """What the command would change of the machine."""
    return [*_parameters(wanted, vm), *_system(wanted, vm), *_nics(wanted, vm), *_disks(wanted, vm)]


def _later(vm: VirtualMachine) -> str:
    return AFTER_RESTART if vm.oper_state else AT_START


def _parameters(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    info = vm.cluster.info
    of_cluster = info.get("hvparams", {}).get(vm.hypervisor, {})
    of_system = info.get("os_hvp", {}).get(vm.os, {}).get(vm.hypervisor, {})
    kinds = (
        ("beparams", "Size", wanted.beparams, BACKEND, info.get("beparams", {}).get("default", {})),
        (
            "hvparams",
            "Hypervisor",
            wanted.hvparams,
            PARAMETERS.get(vm.hypervisor, ()),
            {**of_cluster, **of_system},
        ),
    )
    for kind, section, values, known, inherited in kinds:
        titles = {parameter.name: parameter.title for parameter in known}
        for name, value in values.items():
            say = mib if name in MEMORY else setting
            then = f"{say(inherited.get(name))}, as inherited" if value == DEFAULT else say(value)
            when = AT_ONCE if name in LIVE else _later(vm)
            yield Change(section, titles.get(name) or name, say(vm.details[kind].get(name)), then, when)


def _system(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    if wanted.os:
        yield Change("System", "System", vm.os, wanted.os, AT_ONCE)
    now = vm.details.get("osparams") or {}
    for name, value in wanted.osparams.items():
        then = "not set here" if value == DEFAULT else setting(value)
        yield Change("System", name, setting(now.get(name)), then, AT_INSTALLATION)


def _nics(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    when = PLUGGED if wanted.hotplug else _later(vm)
    known = {nic["uuid"]: (f"nic/{index}", nic) for index, nic in enumerate(vm.details.get("nics") or [])}
    for action, uuid, params in wanted.nics:
        title, nic = known.get(uuid, ("New interface", {}))
        if action == "remove":
            yield Change("Network", title, nic.get("mac") or "there", "removed", when)
        elif action == "add":
            yield Change("Network", title, "", _listed(params) or "as the cluster has it", when)
        else:
            for name, value in params.items():
                at = AT_ONCE if name == "name" else when
                now = setting(nic.get(name))
                yield Change("Network", f"{title}, {DEVICE[name]}", now, SAID.get(value, setting(value)), at)


def _disks(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    when = PLUGGED if wanted.hotplug else _later(vm)
    disks = enumerate(vm.details.get("disks") or [])
    known = {disk["uuid"]: (f"disk/{index}", disk) for index, disk in disks}
    for action, uuid, params in wanted.disks:
        title, disk = known.get(uuid, ("New disk", {}))
        if action == "remove":
            yield Change("Disks", title, mib(disk.get("size_mib")), "removed, with all that is on it", when)
        elif action == "add":
            more = _listed({name: value for name, value in params.items() if name != "size_mib"})
            yield Change("Disks", title, "", ", ".join(filter(None, [mib(params["size_mib"]), more])), when)
        else:
            then = SAID.get(params["name"], params["name"])
            yield Change("Disks", f"{title}, name", setting(disk.get("name")), then, AT_ONCE)


def _listed(params: dict[str, Any]) -> str:
    return ", ".join(f"{DEVICE.get(name, name)}: {SAID.get(value, value)}" for name, value in params.items())
