"""Rows of the form: disks, interfaces, and what an operating system is told beyond what was described."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from ganeti_webmgr.ui.sizes import SizeField
from ganeti_webmgr.vms.creation.blueprint import Disk, Nic
from ganeti_webmgr.vms.creation.ground import Ground
from ganeti_webmgr.vms.forms.connection import BY_HAND, MODES, POOL, WORD, ConnectionForm, NamedForm
from ganeti_webmgr.vms.forms.unseen import unseen
from ganeti_webmgr.vms.images.forms import NAME, NO_NAME
from ganeti_webmgr.vms.images.parameters import PUBLIC, VISIBILITIES

PAIR = re.compile(r"([A-Za-z0-9_.-]{1,64})=(\S{1,255})")
ACCESS = [("", "as the cluster says"), ("kernelspace", "kernel"), ("userspace", "userspace")]

# What a disk of each template can be told beside size, name and mode.
MORE = {
    "plain": ("vg", "adopt"),
    "drbd": ("vg", "metavg"),
    "rbd": ("access",),
    "gluster": ("access",),
    "ext": ("provider", "params", "access"),
    "blockdev": ("adopt",),
}


class DiskForm(NamedForm):
    """A disk of the template that was chosen."""

    size_mib = SizeField(label="Size", required=False)
    mode = forms.ChoiceField(
        label="Mode", choices=[("rw", "read and write"), ("ro", "read only")], initial="rw"
    )
    vg = forms.CharField(label="Volume group", max_length=64, required=False)
    metavg = forms.CharField(label="Group of metadata", max_length=64, required=False)
    adopt = forms.CharField(label="Takes over", max_length=255, required=False)
    provider = forms.CharField(label="Provider", max_length=64, required=False)
    params = forms.CharField(label="Told to the provider", max_length=500, required=False)
    access = forms.ChoiceField(label="Access", choices=ACCESS, required=False)

    def __init__(self, *args: Any, template: str, ground: Ground, may_adopt: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._template = template
        shown = {"size_mib", "name", "mode", *MORE.get(template, ())}
        if template == "blockdev":
            shown.remove("size_mib")
        if not may_adopt:
            shown.discard("adopt")
        for name in set(self.fields) - shown:
            del self.fields[name]
        if "vg" in self.fields:
            self.fields["vg"].widget.attrs["placeholder"] = ground.volume_group

    def clean_vg(self) -> str:
        return self._group("vg")

    def clean_metavg(self) -> str:
        return self._group("metavg")

    def clean_provider(self) -> str:
        provider: str = self.cleaned_data["provider"].strip()
        if not provider:
            raise forms.ValidationError("Name the provider of the disk.", "required")
        if not WORD.fullmatch(provider):
            raise forms.ValidationError("This cannot be the name of a provider.")
        return provider

    def clean_params(self) -> dict[str, str]:
        words = self.cleaned_data["params"].split()
        pairs = [PAIR.fullmatch(word) for word in words]
        if not all(pairs):
            raise forms.ValidationError("Write name=value, with spaces between several.")
        return {pair[1]: pair[2] for pair in pairs if pair}

    def clean_adopt(self) -> str:
        adopted: str = self.cleaned_data["adopt"].strip()
        if self._template == "blockdev" and not adopted.startswith("/dev/"):
            raise forms.ValidationError("Enter the device on the node: /dev/disk/by-id/…")
        if self._template == "plain" and adopted and not WORD.fullmatch(adopted):
            raise forms.ValidationError("This cannot be the name of a logical volume.")
        return adopted

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        has_size = "size_mib" in self.fields and "size_mib" in values
        if has_size and not values["size_mib"] and not values.get("adopt"):
            self.add_error("size_mib", forms.ValidationError("Enter a size.", "required"))
        return values

    def disk(self) -> Disk:
        """The disk, as far as it was typed."""
        values = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        size = 0 if values.get("adopt") else values.get("size_mib", 0)
        return Disk(**{**values, "size_mib": -(-size // 4) * 4})  # Ganeti rounds up to 4 MiB

    def _group(self, name: str) -> str:
        group: str = self.cleaned_data[name].strip()
        if group and not WORD.fullmatch(group):
            raise forms.ValidationError("This cannot be the name of a volume group.")
        return group


class NicForm(ConnectionForm):
    """A network interface of a new machine."""

    def __init__(
        self, *args: Any, ground: Ground, group: str, may_connect: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, networks=ground.networks, group=group, **options)
        self._default, self._may_connect = ground.nic.get("mode", "bridged"), may_connect
        self.fields["network"].choices = [  # type: ignore[attr-defined]
            ("", "None: set by hand"),
            *((net.name, f"{net.name} · {net.cidr}, {net.free_count} free") for net in ground.networks),
        ]
        modes = [("", f"as the cluster says: {self._default}"), *MODES]
        self.fields["mode"].choices = modes  # type: ignore[attr-defined]
        for name, hint in (("ip", "next free"), ("mac", "generated"), ("link", ground.nic.get("link", ""))):
            self.fields[name].widget.attrs["placeholder"] = hint
        if not self["network"].value():
            self.fields["ip"].widget.attrs["placeholder"] = "none"

    def in_network(self, values: dict[str, Any]) -> None:
        super().in_network({**values, "ip": values.get("ip") or POOL})
        self._refuse_connection(values, "The network says this. Leave it empty, or choose no network.")

    def by_hand(self, values: dict[str, Any]) -> None:
        if not self._may_connect:
            # A link of one's choice leads past every isolation of networks.
            why = "Only administrators of the cluster may set it. Choose a network."
            self._refuse_connection(values, why)
        mode = values.get("mode") or self._default
        super().by_hand({**values, "mode": mode})
        if mode == "routed" and values.get("ip") == "":
            self.add_error("ip", "A routed interface needs an address.")

    def nic(self) -> Nic:
        """The interface, as far as it was typed; in a network it takes the next free address."""
        values = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        if values.get("network"):
            values.setdefault("ip", POOL)
        return Nic(**values)

    def _refuse_connection(self, values: dict[str, Any], why: str) -> None:
        for name in BY_HAND:
            if values.get(name):
                self.add_error(name, why)


class FreeParameterForm(forms.Form):
    """Something that the operating system is told which nobody has described."""

    name = forms.CharField(label="Name", max_length=64, required=False)
    value = forms.CharField(label="Value", max_length=20000, required=False)
    visibility = forms.ChoiceField(label="Seen by", choices=VISIBILITIES, initial=PUBLIC)

    def __init__(self, *args: Any, kept: frozenset[str] = frozenset(), **options: Any) -> None:
        super().__init__(*args, **options)
        if self["visibility"].value() != PUBLIC:
            self.fields["value"].widget = unseen(is_kept=self["name"].value() in kept)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("name", "")
        if not name and not values.get("value"):
            return {}
        if not NAME.fullmatch(name):
            self.add_error("name", NO_NAME)
        return values
