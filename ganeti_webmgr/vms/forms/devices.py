"""Network interfaces and disks: those there are, and one more of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.ui.sizes import RoundedSizeField
from ganeti_webmgr.vms.commands.change import OWN_CONNECTION
from ganeti_webmgr.vms.forms.connection import BY_HAND, MODES, NAME_WORDS, WORD, ConnectionForm, NamedForm

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NONE, NEW_MAC = "none", "generate"


class NicForm(ConnectionForm):
    """An interface of a machine that is there. What is left as it is, is not sent."""

    def __init__(
        self, data: Any, *, nic: Mapping[str, Any], networks: list[Network], may_all: bool, **options: Any
    ) -> None:
        self.begun = {name: nic.get(name) or "" for name in ("network", "ip", "mac", "name", *BY_HAND)}
        super().__init__(data, initial=self.begun, networks=networks, **options)
        known = dict.fromkeys(["", *(each.name for each in networks), self.begun["network"]])
        self.fields["network"].choices = [  # type: ignore[attr-defined]
            (name, name or "none of Ganeti's") for name in known
        ]
        modes = [("", "as the cluster has it"), *MODES]
        self.fields["mode"].choices = modes  # type: ignore[attr-defined]
        if not may_all:
            for name in BY_HAND:
                del self.fields[name]

    def in_network(self, values: dict[str, Any]) -> None:
        if self._is_moved:
            super().in_network(values)
        for name in OWN_CONNECTION & set(self.changed_data):
            self.add_error(name, f"The network {values['network']} decides this.")

    def by_hand(self, values: dict[str, Any]) -> None:
        if self._is_moved:
            super().by_hand(values)

    @property
    def _is_moved(self) -> bool:
        """Whether it is to be somewhere else: what stands as it stood is not looked at anew."""
        return bool({"network", "ip", *BY_HAND} & set(self.changed_data))

    def params(self) -> dict[str, Any]:
        """What differs from how it is, in Ganeti's words."""
        empty = {"network": NONE, "ip": NONE, "mac": NEW_MAC, "name": NONE}
        chosen = {name: self.cleaned_data.get(name, begun) for name, begun in self.begun.items()}
        changed = {name: value for name, value in chosen.items() if value != self.begun[name]}
        if "network" in changed:
            changed = {name: value for name, value in changed.items() if name not in OWN_CONNECTION or value}
        return {name: value or empty.get(name, "") for name, value in changed.items()}


class ExistingNic(NicForm):
    """An interface that can go."""

    remove = forms.BooleanField(label="Remove it", required=False)
    field_order = (*ConnectionForm.field_order, "remove")


class NewNic(NicForm):
    """One interface more, where that is ticked."""

    add = forms.BooleanField(label="Add this interface", required=False)
    field_order = ("add", *ConnectionForm.field_order)


class ExistingDisk(NamedForm):
    """A disk that can get another name, stand alone, or go with everything on it."""

    detach = forms.BooleanField(
        label="Detach it, and keep what is on it",
        required=False,
        help_text="It stands alone then, and can be attached to a machine on the same nodes.",
    )
    remove = forms.BooleanField(label="Remove it, and lose what is on it", required=False)

    def __init__(self, *args: Any, may_detach: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_detach:
            del self.fields["detach"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("detach") and chosen.get("remove"):
            self.add_error("remove", "Either it is detached, or it is removed.")
        return chosen


class AttachedDisk(forms.Form):
    """A disk that belongs to no machine, and comes to this one."""

    disk = forms.CharField(
        label="Disk that stands alone",
        max_length=64,
        required=False,
        help_text="Its UUID, or its name. The job that has detached it names it.",
    )

    def clean_disk(self) -> str:
        typed = str(self.cleaned_data["disk"]).strip()
        if typed and not WORD.fullmatch(typed):
            raise forms.ValidationError(NAME_WORDS)
        return typed

    def params(self) -> dict[str, str]:
        """The disk in the words of our client; empty where none is wanted."""
        disk = self.cleaned_data.get("disk", "")
        return {"uuid" if UUID.fullmatch(disk) else "name": disk} if disk else {}


class NewDisk(NamedForm):
    """One disk more, where a size is given."""

    size_mib = RoundedSizeField(label="Size", required=False, help_text="Empty: none is added.")
    mode = forms.ChoiceField(
        label="Access", choices=[("rw", "read, write"), ("ro", "read only")], required=False
    )
    dev_type = forms.ChoiceField(label="Kind", required=False)
    provider = forms.CharField(label="Provider", max_length=80, required=False)
    field_order = ("size_mib", "name", "mode", "dev_type", "provider")

    def __init__(self, data: Any, *, template: str, templates: list[str], **options: Any) -> None:
        super().__init__(data, **options)
        self._template = template
        if template == "diskless":
            self.fields["dev_type"].choices = [(name, name) for name in templates]  # type: ignore[attr-defined]
        else:
            del self.fields["dev_type"]
        if "ext" not in (templates if template == "diskless" else [template]):
            del self.fields["provider"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        kind = chosen.get("dev_type") or self._template
        if chosen.get("size_mib") and kind == "ext" and not chosen.get("provider"):
            self.add_error("provider", "External storage needs a provider.")
        if chosen.get("name") and not chosen.get("size_mib") and "size_mib" not in self.errors:
            self.add_error("size_mib", "Write how large it is to be.")
        return chosen

    def params(self) -> dict[str, Any]:
        """The disk in the words of our client; empty where none is wanted."""
        if not self.cleaned_data.get("size_mib"):
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value and value != "rw"}
