"""What is to become of a machine's disks."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.jobs.forms import TypedName
from ganeti_webmgr.nodes.choosing import NodeChoice
from ganeti_webmgr.ui.sizes import RoundedSizeField
from ganeti_webmgr.ui.wording import mib, spelled
from ganeti_webmgr.vms.commands import (
    ActivateDisks,
    ConvertDisks,
    DeactivateDisks,
    GrowDisk,
    RecreateDisks,
    ReplaceDisks,
)
from ganeti_webmgr.vms.commands.fitness import other_templates
from ganeti_webmgr.vms.forms.command import MachineForm
from ganeti_webmgr.vms.forms.nodes import elsewhere
from ganeti_webmgr.vms.models import VirtualMachine


def disk_choices(vm: VirtualMachine) -> list[tuple[int, str]]:
    """Each disk of the machine with its number, size and name."""
    return [
        (index, f"disk/{index}, {mib(disk['size_mib'])}" + (f", {disk['name']}" if disk["name"] else ""))
        for index, disk in enumerate(vm.details.get("disks") or [])
    ]


class GrowDiskForm(MachineForm):
    command_class = GrowDisk
    note = "The file system inside is not grown, and a disk cannot be made smaller again."

    disk = forms.TypedChoiceField(label="Disk", coerce=int)
    size_mib = RoundedSizeField(label="New size")
    wait_for_sync = forms.BooleanField(
        label="Wait until both nodes are in sync", required=False, initial=True
    )

    def __init__(self, *args: Any, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, vm=vm, **options)
        self._sizes = [disk["size_mib"] or 0 for disk in vm.details.get("disks") or []]
        self.fields["disk"].choices = disk_choices(vm)  # type: ignore[attr-defined]
        if vm.disk_template != "drbd":
            del self.fields["wait_for_sync"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        disk, size = chosen.get("disk"), chosen.get("size_mib")
        if disk is not None and size is not None and size <= self._sizes[disk]:
            now = mib(self._sizes[disk])
            self.add_error("size_mib", f"disk/{disk} has {now} already. Choose more: disks only grow.")
        return chosen


class ConvertDisksForm(MachineForm):
    command_class = ConvertDisks
    note = "All data are copied, which takes its time; the machine stays stopped meanwhile."

    template = forms.ChoiceField(label="To", widget=forms.RadioSelect)
    provider = forms.CharField(
        label="Provider", max_length=80, required=False, help_text="For external storage only."
    )

    def __init__(self, *args: Any, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, vm=vm, **options)
        others = other_templates(vm)
        self.fields["template"].choices = [(name, spelled(name)) for name in others]  # type: ignore[attr-defined]
        if "ext" not in others:
            del self.fields["provider"]
        if "drbd" in others:
            self.fields["mirror"] = NodeChoice(
                vm.cluster,
                elsewhere(vm, self.user),
                label="Second node",
                help_text="For mirrored disks (DRBD) only.",
            )
            self.fields["mirror"].required = False

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("template") == "ext" and not chosen.get("provider"):
            self.add_error("provider", "External storage needs a provider.")
        if chosen.get("template") == "drbd" and not chosen.get("mirror") and not self._vm.cluster.allocator:
            self.add_error("mirror", "Mirrored disks need a second node.")
        return chosen

    @property
    def _vm(self) -> VirtualMachine:
        assert self.vm  # noqa: S101 - made for one machine
        return self.vm

    def parameters(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        mirrored = chosen["template"] == "drbd"
        node = chosen.get("mirror") or ""
        return {
            "template": chosen["template"],
            "provider": chosen.get("provider", "") if chosen["template"] == "ext" else "",
            "remote_node": node if mirrored else "",
            "iallocator": self._vm.cluster.allocator if mirrored and not node else "",
        }


class ActivateDisksForm(MachineForm):
    command_class = ActivateDisks

    ignore_size = forms.BooleanField(
        label="Even if their size is not the recorded one",
        required=False,
        help_text="For disks that were changed by hand.",
    )


class DeactivateDisksForm(MachineForm):
    command_class = DeactivateDisks
    note = "Whatever uses them on the node must have ended."


class DisksField(forms.TypedMultipleChoiceField):
    """Some of the machine's disks; none chosen means all."""

    def __init__(self, vm: VirtualMachine) -> None:
        super().__init__(
            label="Only these disks",
            coerce=int,
            required=False,
            choices=disk_choices(vm),
            widget=forms.CheckboxSelectMultiple,
            help_text="None chosen: all of them.",
        )


class RecreateDisksForm(MachineForm):
    command_class = RecreateDisks
    is_danger = True
    note = "For disks that are lost: they come back empty. Ganeti declines where one is still there."

    def __init__(self, *args: Any, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, vm=vm, **options)
        self.fields["disks"] = DisksField(vm)
        if nodes := elsewhere(vm, self.user):
            stays = [("", "Where they were"), *((name, name) for name in nodes)]
            self.fields["node"] = forms.ChoiceField(label="On the node", choices=stays, required=False)
            if vm.disk_template == "drbd":  # which would need two
                del self.fields["node"]
        self.fields["typed"] = TypedName(vm.name)


class ReplaceDisksForm(MachineForm):
    command_class = ReplaceDisks

    mode = forms.ChoiceField(
        label="What",
        widget=forms.RadioSelect,
        choices=[
            ("replace_auto", "Find the faulty side and repair it"),
            ("replace_on_primary", "New disks on the primary node"),
            ("replace_on_secondary", "New disks on the secondary node"),
            ("replace_new_secondary", "Another secondary node"),
        ],
        initial="replace_auto",
    )
    early_release = forms.BooleanField(
        label="Remove the old disks before the new ones are in sync",
        required=False,
        help_text="Frees the nodes sooner. Without a second copy until the end.",
    )

    def __init__(self, *args: Any, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, vm=vm, **options)
        self.fields["disks"] = DisksField(vm)
        self.fields["new_node"] = NodeChoice(
            vm.cluster,
            elsewhere(vm, self.user),
            label="The other secondary node",
            help_text="Only where one is wanted.",
        )
        self.fields["new_node"].required = False

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        mode, node = chosen.get("mode"), chosen.get("new_node")
        if mode == "replace_new_secondary" and not node and not self._allocator:
            self.add_error("new_node", "Choose the node: the cluster has no allocator that would.")
        if mode == "replace_auto" and chosen.get("disks"):
            self.add_error("disks", "Where the faulty side is found by itself, all disks are looked at.")
        return chosen

    @property
    def _allocator(self) -> str:
        return self.vm.cluster.allocator if self.vm else ""

    def parameters(self) -> dict[str, Any]:
        chosen = dict(self.cleaned_data)
        node = chosen.pop("new_node", "") or ""
        if chosen["mode"] == "replace_new_secondary":
            chosen |= {"remote_node": node, "iallocator": "" if node else self._allocator}
        return chosen
