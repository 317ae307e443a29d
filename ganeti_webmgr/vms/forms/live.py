"""What a machine that runs is given at once, and how its changes are made."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.ui.sizes import RoundedSizeField
from ganeti_webmgr.ui.wording import mib
from ganeti_webmgr.vms.models import VirtualMachine

BALLOONING = frozenset({"kvm", "xen-pvm", "xen-hvm", "lxc", "fake"})


class LiveForm(forms.Form):
    """What a machine that runs can be given at once."""

    memory_now_mib = RoundedSizeField(
        label="Memory at this moment",
        required=False,
        help_text="Between the two above. Given at once, without a restart.",
    )

    def __init__(self, data: Any, *, vm: VirtualMachine) -> None:
        self._vm = vm
        super().__init__(data, initial={"memory_now_mib": vm.memory_now_mib})
        beparams = vm.details.get("beparams") or {}
        balloons = vm.hypervisor in BALLOONING and beparams.get("minmem") != beparams.get("maxmem")
        if not (balloons and vm.oper_state and vm.memory_now_mib):
            del self.fields["memory_now_mib"]

    def wanted(self) -> int:
        """How much it shall have; 0 where it keeps what it has."""
        changed = "memory_now_mib" in self.changed_data
        return int(self.cleaned_data["memory_now_mib"] or 0) if changed else 0

    def check(self, least: Any, most: Any) -> None:
        """Says where it does not lie between what the machine must have and may have."""
        wanted, began = self.wanted(), (self._vm.started_with or {}).get("beparams", {}).get("maxmem")
        if wanted and isinstance(least, int) and wanted < least:
            self.add_error("memory_now_mib", f"At least {mib(least)}, as said above.")
        elif wanted and isinstance(most, int) and wanted > most:
            self.add_error("memory_now_mib", f"At most {mib(most)}, as said above.")
        elif wanted and isinstance(began, int) and wanted > began:
            self.add_error(
                "memory_now_mib", f"It was started with {mib(began)} at most. More needs a restart."
            )


class MannerForm(forms.Form):
    """How the changes are made."""

    hotplug = forms.BooleanField(
        label="Change interfaces and disks of the running machine at once",
        required=False,
        initial=True,
        help_text="Where this cannot be done, it waits for a restart and is shown as such.",
    )
    ignore_policy = forms.BooleanField(
        label="Even against the rules of the group",
        required=False,
        help_text="Ganeti refuses every change of a machine that breaks them. This is recorded.",
    )

    def __init__(self, data: Any, *, vm: VirtualMachine, may_all: bool) -> None:
        super().__init__(data)
        if vm.hypervisor != "kvm" or not vm.oper_state:
            del self.fields["hotplug"]
        if not may_all:
            del self.fields["ignore_policy"]
