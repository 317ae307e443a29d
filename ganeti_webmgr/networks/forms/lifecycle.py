"""What a network tells its machines, its name and tags, the end."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Any

from ganeti_webmgr.jobs.forms import TypedName
from ganeti_webmgr.jobs.tagging import TaggingForm
from ganeti_webmgr.networks.commands import (
    NOTHING,
    AddNetworkTags,
    ChangeNetwork,
    RemoveNetwork,
    RenameNetwork,
)
from ganeti_webmgr.networks.forms.creating import outside6
from ganeti_webmgr.networks.forms.network import NetworkForm
from ganeti_webmgr.networks.forms.typed import AddressField, NameField, PrefixField, RangeField
from ganeti_webmgr.networks.use import pool_of
from ganeti_webmgr.ui.state import State

FOR_GOOD = ("gateway", "network6", "gateway6")


class ChangeForm(NetworkForm):
    command_class = ChangeNetwork
    verb = "change"
    tells_at = "gateway"
    note = "Machines that run keep what they were told when they were started."

    gateway = AddressField(IPv4Address, label="Gateway", required=False)
    network6 = RangeField(IPv6Network, label="IPv6 addresses", required=False)
    gateway6 = AddressField(IPv6Address, label="IPv6 gateway", required=False)
    mac_prefix = PrefixField(
        label="Prefix of MAC addresses", required=False, help_text="Empty: that of the cluster."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        details = self.on.details
        self._now = {name: details.get(name) or "" for name in self.fields}
        for name, value in self._now.items():
            self.fields[name].initial = value

    def line(self) -> str:
        return ""

    def parameters(self) -> dict[str, Any]:
        """Only what is different from now."""
        typed = {name: self.cleaned_data[name] for name in self._now}
        return {name: value or NOTHING for name, value in typed.items() if value != self._now[name]}

    def clean(self) -> dict[str, Any]:
        for name in FOR_GOOD:
            if self._now[name] and self.cleaned_data.get(name) == "":
                self.add_error(name, "Once it is set, Ganeti can change it and not take it away.")
        chosen = super().clean()
        if not self.errors and not self.parameters():
            self.add_error(None, "Nothing was changed.")
        for name, told in outside6(chosen).items():
            if name not in self.errors:
                self.add_error(name, told)
        return chosen


class RenameForm(NetworkForm):
    command_class = RenameNetwork
    verb = "rename"
    leaves = True
    tells_at = "new_name"

    new_name = NameField(label="New name")


class TagsForm(TaggingForm):
    command_class = AddNetworkTags


class RemoveForm(NetworkForm):
    command_class = RemoveNetwork
    verb = "remove"
    is_danger = True
    leaves = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["typed"] = TypedName(self.on.name)

    def points(self) -> list[State]:
        counts = pool_of(self.on).counts
        lost = [State("bad", "plug-off", f"{self.on.cidr} is no network of {self.on.cluster} any more.")]
        if reserved := counts["reserved"]:
            told = "1 reserved address is" if reserved == 1 else f"{reserved:,} reserved addresses are"
            lost.append(State("bad", "lock-open", f"{told} forgotten."))
        return [*lost, State("good", "history", "The record and its jobs stay.")]
