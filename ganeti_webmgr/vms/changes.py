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
    key: str  # by which it can be taken back

    @property
    def waits(self) -> bool:
        return self.when in (AFTER_RESTART, AT_START)


def changes(wanted: Modify, vm: VirtualMachine) -> list[Change]:
    """What the command would change of the machine."""
    parts = (_parameters, _live, _system, _nics, _disks, _manner)
    return [line for part in parts for line in part(wanted, vm)]


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
            now, key = say(vm.details[kind].get(name)), f"{kind}/{name}"
            yield Change(section, titles.get(name) or name, now, then, when, key)


def _live(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    if size := wanted.memory_now_mib:
        now = mib(vm.memory_now_mib) if vm.memory_now_mib else ""
        yield Change("Size", "Memory at this moment", now, mib(size), AT_ONCE, "now")


def _system(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    if wanted.os:
        yield Change("System", "System", vm.os, wanted.os, AT_ONCE, "os")
    now = vm.details.get("osparams") or {}
    for name, value in wanted.osparams.items():
        then = "not set here" if value == DEFAULT else setting(value)
        key = f"osparams/{name}"
        yield Change("System", name, setting(now.get(name)), then, AT_INSTALLATION, key)
    for name in wanted.private_osparams:
        then = "what was typed, which is shown nowhere"
        yield Change("System", name, "not shown", then, AT_INSTALLATION, f"private/{name}")


def _nics(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    when = PLUGGED if wanted.hotplug else _later(vm)
    known = {nic["uuid"]: (f"nic/{index}", nic) for index, nic in enumerate(vm.details.get("nics") or [])}
    for action, uuid, params in wanted.nics:
        title, nic = known.get(uuid, ("New interface", {}))
        key = f"nics/{uuid}"
        if action == "remove":
            yield Change("Network", title, nic.get("mac") or "there", "removed", when, f"{key}/remove")
        elif action == "add":
            yield Change("Network", title, "", _listed(params) or "as the cluster has it", when, key)
        else:
            for name, value in params.items():
                at = AT_ONCE if name == "name" else when
                now = setting(nic.get(name))
                then, what = SAID.get(value, setting(value)), f"{title}, {DEVICE[name]}"
                yield Change("Network", what, now, then, at, f"{key}/{name}")


def _disks(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    when = PLUGGED if wanted.hotplug else _later(vm)
    disks = enumerate(vm.details.get("disks") or [])
    known = {disk["uuid"]: (f"disk/{index}", disk) for index, disk in disks}
    for action, uuid, params in wanted.disks:
        title, disk = known.get(uuid, ("New disk", {}))
        key, size = f"disks/{uuid}", mib(disk.get("size_mib"))
        if action == "remove":
            yield Change("Disks", title, size, "removed, with all that is on it", when, f"{key}/remove")
        elif action == "detach":
            then = f"detached, with all that is on it; its UUID is {uuid}"
            yield Change("Disks", title, size, then, when, f"{key}/detach")
        elif action == "attach":
            yield Change(
                "Disks", title, "", f"attached: {next(iter(params.values()))}", when, f"{key}/attach"
            )
        elif action == "add":
            more = _listed({name: value for name, value in params.items() if name != "size_mib"})
            then = ", ".join(filter(None, [mib(params["size_mib"]), more]))
            yield Change("Disks", title, "", then, when, key)
        else:
            then = SAID.get(params["name"], params["name"])
            yield Change("Disks", f"{title}, name", setting(disk.get("name")), then, AT_ONCE, f"{key}/name")


def _manner(wanted: Modify, vm: VirtualMachine) -> Iterator[Change]:
    if wanted.ignore_policy:
        yield Change("Rules", "Rules of the group", "kept", "not minded", AT_ONCE, "policy")


def _listed(params: dict[str, Any]) -> str:
    return ", ".join(f"{DEVICE.get(name, name)}: {SAID.get(value, value)}" for name, value in params.items())
