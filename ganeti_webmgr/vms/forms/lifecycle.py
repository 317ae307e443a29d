"""A new system, a new name, the end."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from ganeti_webmgr.jobs.forms import SecondsField, TypedName
from ganeti_webmgr.permissions.models import GRANTS
from ganeti_webmgr.permissions.quota import size_of
from ganeti_webmgr.ui.pairs import PairsField
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import mib, spelled
from ganeti_webmgr.vms.commands import DEFAULT_TIMEOUT_S, Reinstall, Remove, Rename
from ganeti_webmgr.vms.forms.command import MachineForm
from ganeti_webmgr.vms.models import VirtualMachine

NAME = re.compile(r"[a-z0-9._-]{1,255}")
OS = re.compile(r"[\w.-]+(\+[\w.-]+)?")


class ReinstallForm(MachineForm):
    command_class = Reinstall
    is_danger = True
    note = "Everything on its disks is lost. The machine is stopped first."

    os = forms.CharField(label="System", max_length=200, required=False)
    osparams = PairsField(
        label="Parameters of the system",
        required=False,
        help_text="For this installation only: one in each line, as name=value.",
    )
    start = forms.BooleanField(label="Start it afterwards", required=False, initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.vm:
            self.fields["os"].help_text = f"Empty: {self.vm.os}, as now."
            self.fields["typed"] = TypedName(self.vm.name)

    def clean_os(self) -> str:
        typed = str(self.cleaned_data["os"]).strip()
        if typed and not OS.fullmatch(typed):
            raise forms.ValidationError("A system is written as its name, or as name+variant.")
        return typed


class RenameForm(MachineForm):
    command_class = Rename

    new_name = forms.CharField(label="New name", max_length=255)
    name_check = forms.BooleanField(
        label="Only if the name resolves", required=False, help_text="Asked of the DNS that the cluster uses."
    )
    ip_check = forms.BooleanField(
        label="Only if nothing answers at its address", required=False, help_text="The name must resolve."
    )

    def clean_new_name(self) -> str:
        name = str(self.cleaned_data["new_name"]).strip().lower()
        if not NAME.fullmatch(name) or name.startswith("-") or set(name) <= {"."}:
            raise forms.ValidationError("Names have letters, digits, hyphens, dots and underscores.")
        if self.vm and name == self.vm.name:
            raise forms.ValidationError("That is its name already.")
        if self.vm and self.vm.cluster.vms.filter(name=name, missing_since=None).exists():
            raise forms.ValidationError(f"There is a machine {name} on {self.vm.cluster} already.")
        return name

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("ip_check") and not chosen.get("name_check"):
            self.add_error(
                "ip_check", "The address comes from the name, so that must resolve: tick that too."
            )
        return chosen


class RemoveForm(MachineForm):
    command_class = Remove
    is_danger = True
    leaves = True

    shutdown_timeout_s = SecondsField(
        label="Wait for the system to shut itself down",
        help_text="After that it is turned off.",
        required=False,
        initial=DEFAULT_TIMEOUT_S,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.vm:
            self.fields["typed"] = TypedName(self.vm.name)

    def points(self) -> list[State]:
        if self.vm is None:
            return [State("bad", "database-off", "Their disks are lost, their rights end.")]
        return [*_lost(self.vm), *_kept(self.vm)]


def _lost(vm: VirtualMachine) -> list[State]:
    disks = len(vm.details.get("disks") or [])
    lost = []
    if disks:
        kind = f"{mib(vm.disk_mib)}, {spelled(vm.disk_template)}"
        several = f"{disks} disks" if disks > 1 else "1 disk"
        lost.append(State("bad", "database-off", f"{several}, {kind}: the content cannot be brought back."))
    for nic in vm.details.get("nics") or []:
        if nic.get("ip"):
            back = f"goes back to {nic['network']}" if nic.get("network") else "is free again"
            lost.append(State("bad", "network-off", f"{nic['ip']} {back}; another machine may get it."))
    if ending := sum(_holders(vm)):
        told = "1 right on it ends" if ending == 1 else f"The rights of {ending} people and groups on it end"
        lost.append(State("bad", "user-x", f"{told}."))
    return lost


def _holders(vm: VirtualMachine) -> list[int]:
    by_person, by_group = GRANTS["virtualmachine"]
    return [
        by_person.objects.filter(content_object=vm).values("user").distinct().count(),
        by_group.objects.filter(content_object=vm).values("group").distinct().count(),
    ]


def _kept(vm: VirtualMachine) -> list[State]:
    kept = [
        State("good", "package-export", "Exports of it stay on their nodes and can be imported again."),
        State("good", "history", "The record and its jobs stay."),
    ]
    if vm.owner:
        size = size_of(vm)
        back = f"{size.vcpus} vCPU, {mib(size.memory_mib)} memory and {mib(size.disk_mib)} disk"
        kept.append(State("good", "gauge", f"{back} return to the quota of {vm.owner}."))
    return kept
