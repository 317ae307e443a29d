"""What was configured after a machine last started, and so waits for a restart.

`started_with` holds the settings of its last start that we saw: empty while it does not run, and null where
it had started before we watched. Nothing is guessed: where we do not know, that is what is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ganeti_webmgr.ui.wording import mib, setting
from ganeti_webmgr.vms.hypervisors import PARAMETERS
from ganeti_webmgr.vms.models import VirtualMachine

BACKEND = {"maxmem": "Memory, at most", "minmem": "Memory, at least", "vcpus": "vCPUs"}
NIC = {"mac": "MAC address", "mode": "mode", "link": "link", "vlan": "VLAN", "network": "network"}
LIVE_GROWTH = (3, 1)  # from this version on, a running guest of KVM sees a disk that has grown


@dataclass(frozen=True)
class Waiting:
    """One setting: what the machine runs with, and what it will have after a restart."""

    setting: str
    now: str
    then: str


@dataclass(frozen=True)
class Pending:
    """What waits; `is_known` is false where there may be more that nobody can tell."""

    lines: list[Waiting]
    is_known: bool = True


def settings_of(vm: VirtualMachine) -> dict[str, Any]:
    """The settings that a start of the machine would take up now."""
    row = vm.details
    return {
        "hvparams": row.get("hvparams") or {},
        "beparams": {name: (row.get("beparams") or {}).get(name) for name in BACKEND},
        **devices_of(vm),
    }


def devices_of(vm: VirtualMachine) -> dict[str, Any]:
    """Its network interfaces and disks, by uuid."""
    nics, disks = vm.details.get("nics") or [], vm.details.get("disks") or []
    return {
        "nics": {nic["uuid"]: {name: nic.get(name) for name in NIC} for nic in nics},
        "disks": {disk["uuid"]: disk["size_mib"] for disk in disks},
    }


def pending(vm: VirtualMachine) -> Pending:
    """What waits for a restart of the machine."""
    if not vm.oper_state:
        return Pending([])
    if vm.started_with is None:
        return Pending(list(_seen(vm)), is_known=False)
    before, after = vm.started_with, settings_of(vm)
    return Pending([*_sizes(before, after), *_parameters(vm, before, after), *_devices(vm, before, after)])


def needs_restart(vm: VirtualMachine) -> bool | None:
    """Whether something waits; None where nobody can tell."""
    found = pending(vm)
    return True if found.lines else False if found.is_known else None


def saw(vm: VirtualMachine) -> None:
    """Takes in whether the machine was seen running, and what waits since then; the caller saves."""
    if vm.oper_state is False:
        vm.started_with = {}
    elif vm.oper_state and vm.started_with == {}:
        vm.started_with = settings_of(vm)
    vm.needs_restart = needs_restart(vm)


def booted(vm: VirtualMachine, *, at: datetime) -> None:
    """Takes in that it was started anew, and that it was done by then; the caller saves."""
    changed = vm.details.get("mtime")
    if not vm.oper_state:
        vm.started_with = {}
    elif changed and datetime.fromisoformat(changed) > at:
        vm.started_with = None  # changed since, and nobody can tell what
    else:
        vm.started_with = settings_of(vm)


def _seen(vm: VirtualMachine) -> Iterator[Waiting]:
    """What the live figures alone tell."""
    now = vm.memory_now_mib
    if now is not None and not vm.memory_min_mib <= now <= vm.memory_mib:
        yield Waiting("Memory", mib(now), mib(vm.memory_mib))
    if vm.vcpus_now is not None and vm.vcpus_now != vm.vcpus:
        yield Waiting("vCPUs", str(vm.vcpus_now), str(vm.vcpus))


def _sizes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Waiting]:
    for name, title in BACKEND.items():
        now, then = before["beparams"].get(name), after["beparams"].get(name)
        if now != then:
            say = setting if name == "vcpus" else mib
            yield Waiting(title, say(now), say(then))


def _parameters(vm: VirtualMachine, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Waiting]:
    titles = {parameter.name: parameter.title for parameter in PARAMETERS.get(vm.hypervisor, ())}
    for name in _names(before["hvparams"], after["hvparams"]):
        now, then = before["hvparams"].get(name), after["hvparams"].get(name)
        if now != then:
            yield Waiting(titles.get(name) or name, setting(now), setting(then))


def _devices(vm: VirtualMachine, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Waiting]:
    for uuid in _names(before["nics"], after["nics"]):
        now, then = before["nics"].get(uuid), after["nics"].get(uuid)
        if now is None or then is None:
            mac = (now or then)["mac"]
            yield Waiting(f"Interface {mac}", "none" if now is None else "there", "gone" if now else "new")
            continue
        for name, title in NIC.items():
            if now.get(name) != then.get(name):
                of = f"Interface {then['mac']}, {title}"
                yield Waiting(of, setting(now.get(name)), setting(then.get(name)))
    places = {disk["uuid"]: f"disk/{disk['index']}" for disk in vm.details.get("disks") or []}
    for uuid in _names(before["disks"], after["disks"]):
        now, then = before["disks"].get(uuid), after["disks"].get(uuid)
        gone = uuid not in after["disks"]
        if uuid not in before["disks"] or gone or (now != then and not _grows_live(vm)):
            title = places.get(uuid, "A removed disk").capitalize() if gone else places[uuid]
            yield Waiting(title, mib(now) if now else "none", "gone" if gone else mib(then))


def _grows_live(vm: VirtualMachine) -> bool:
    numbers = vm.cluster.version.split(".")[:2]
    known = tuple(int(number) for number in numbers if number.isdecimal())
    return vm.hypervisor == "kvm" and known >= LIVE_GROWTH


def _names(*tables: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for table in tables for name in table))
