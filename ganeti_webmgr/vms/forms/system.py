"""What Ganeti keeps of a machine's operating system: its name, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from ganeti_webmgr.ui.pairs import NAME, PairsField
from ganeti_webmgr.vms.commands.change import DEFAULT
from ganeti_webmgr.vms.forms.lifecycle import OS
from ganeti_webmgr.vms.forms.unseen import unseen
from ganeti_webmgr.vms.images.parameters import OsParameter
from ganeti_webmgr.vms.models import VirtualMachine


class SystemForm(forms.Form):
    """Which system Ganeti believes is on the disks, and with which parameters it would be installed."""

    os = forms.CharField(
        label="System",
        max_length=200,
        help_text="Only what is written down: nothing is installed by changing it.",
    )
    osparams = PairsField(
        label="Parameters of the system",
        required=False,
        help_text="One in each line, as name=value. Used when it is installed the next time.",
    )

    def __init__(self, data: Any, *, vm: VirtualMachine) -> None:
        own = vm.details.get("custom_osparams")
        self.own = dict(own if own is not None else vm.details.get("osparams") or {})
        super().__init__(data, initial={"os": vm.os, "osparams": self.own})

    def clean_os(self) -> str:
        typed = str(self.cleaned_data["os"]).strip()
        if not OS.fullmatch(typed):
            raise forms.ValidationError("A system is written as its name, or as name+variant.")
        return typed

    def changed_osparams(self) -> dict[str, str]:
        wanted = self.cleaned_data["osparams"]
        gone = {name: DEFAULT for name in self.own if name not in wanted}
        return gone | {name: value for name, value in wanted.items() if str(self.own.get(name)) != value}


class PrivateForm(forms.Form):
    """Parameters that Ganeti keeps and shows nobody. What is left empty stays as it is."""

    name = forms.CharField(label="Another one", max_length=100, required=False)
    value = forms.CharField(label="Its value", max_length=20_000, required=False, strip=False)

    def __init__(self, data: Any, *, described: Iterable[OsParameter], kept: Mapping[str, str]) -> None:
        super().__init__(data, prefix="private")
        self.kept = kept
        self.described = {f"of-{parameter.name}": parameter for parameter in described}
        for field, parameter in self.described.items():
            self.fields[field] = forms.CharField(
                label=parameter.name,
                help_text=parameter.help,
                max_length=60_000,
                required=False,
                strip=False,
                widget=unseen(is_kept=parameter.name in kept),
            )
        free = self["name"].value()
        self.fields["value"].widget = unseen(is_kept=free in kept)
        self.order_fields([*self.described, "name", "value"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values["name"] = values.get("name", "").strip()
        if name and not NAME.fullmatch(name):
            self.add_error("name", "Letters, digits, dots, hyphens and underscores.")
        elif values.get("value") and not name:
            self.add_error("name", "Write its name.")
        elif f"of-{name}" in self.described:
            self.add_error("name", "This stands above already.")
        elif name and not values.get("value") and name not in self.kept:
            self.add_error("value", "Write its value; “default” takes it away.")
        for field in (*self.described, "value"):
            if values.get(field):
                self.fields[field].widget = unseen(is_kept=True)
        return values

    def values(self) -> dict[str, str]:
        """By name, what was typed now, or before and kept."""
        typed = getattr(self, "cleaned_data", {})
        found = {parameter.name: typed.get(field) for field, parameter in self.described.items()}
        if free := typed.get("name"):
            found[free] = typed.get("value")
        wanted = {name: value or self.kept.get(name, "") for name, value in found.items()}
        return {name: value for name, value in wanted.items() if value}
