"""Network interfaces and disks: those there are, and one more of each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from ganeti_webmgr.vms.commands.change import OWN_CONNECTION
from ganeti_webmgr.vms.forms.sizes import SizeField

MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORD = re.compile(r"[\w.:+-]{1,64}", re.ASCII)
NAME_WORDS = "Letters, digits, hyphens, dots and underscores."
MODES = ("bridged", "routed", "openvswitch")
NONE, NEW_MAC, NEXT_FREE = "none", "generate", "pool"


class NamedForm(forms.Form):
    """A device may have a name of its own."""

    name = forms.CharField(label="Name", max_length=64, required=False)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if name and (not WORD.fullmatch(name) or name == NONE):
            raise forms.ValidationError(NAME_WORDS)
        return name


class NicForm(NamedForm):
    """An interface. What is left as it is, is not sent."""

    network = forms.ChoiceField(label="Network", required=False)
    ip = forms.CharField(label="IP address", max_length=45, required=False)
    mac = forms.CharField(label="MAC address", max_length=17, required=False)
    mode = forms.ChoiceField(label="Mode", required=False)
    link = forms.CharField(label="Link", max_length=64, required=False)
    vlan = forms.CharField(label="VLAN", max_length=64, required=False)
    field_order: tuple[str, ...] = ("network", "ip", "mac", "mode", "link", "vlan", "name")

    def __init__(
        self, data: Any, *, nic: Mapping[str, Any], networks: list[str], may_all: bool, **options: Any
    ) -> None:
        self.begun = {name: nic.get(name) or "" for name in ("network", "ip", "mac", "name", *OWN_CONNECTION)}
        super().__init__(data, initial=self.begun, **options)
        known = dict.fromkeys(["", *networks, self.begun["network"]])
        self.fields["network"].choices = [  # type: ignore[attr-defined]
            (name, name or "none of Ganeti's") for name in known
        ]
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            ("", "as the cluster has it"),
            *((mode, mode) for mode in MODES),
        ]
        if not may_all:
            for name in OWN_CONNECTION:
                del self.fields[name]

    def clean_ip(self) -> str:
        typed = str(self.cleaned_data["ip"]).strip().lower()
        if typed and typed != NEXT_FREE:
            try:
                ipaddress.ip_address(typed)
            except ValueError:
                raise forms.ValidationError(
                    "Write an address such as 192.0.2.31, or “pool” for the next free one."
                ) from None
        return typed

    def clean_mac(self) -> str:
        typed = str(self.cleaned_data["mac"]).strip().lower()
        if typed and not MAC.fullmatch(typed):
            raise forms.ValidationError("Write it as aa:00:00:4c:11:e0, or empty it to get a new one.")
        return typed

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        network = chosen.get("network")
        if chosen.get("ip") == NEXT_FREE and not network:
            self.add_error("ip", "The next free address comes from a network: choose one.")
        if network:
            for name in OWN_CONNECTION & set(self.changed_data):
                self.add_error(name, f"The network {network} decides this.")
        for name in ("link", "vlan"):
            if chosen.get(name) and not re.fullmatch(r"[\w.:-]{1,64}", chosen[name], re.ASCII):
                self.add_error(name, NAME_WORDS)
        return chosen

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
    field_order = (*NicForm.field_order, "remove")


class NewNic(NicForm):
    """One interface more, where that is ticked."""

    add = forms.BooleanField(label="Add this interface", required=False)
    field_order = ("add", *NicForm.field_order)


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

    size_mib = SizeField(label="Size", required=False, help_text="Empty: none is added.")
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
