"""A new network."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from django import forms

from ganeti_webmgr.jobs.tagging import OURS, TAG
from ganeti_webmgr.networks.commands import CreateNetwork
from ganeti_webmgr.networks.commands.words import some
from ganeti_webmgr.networks.forms.network import NetworkForm
from ganeti_webmgr.networks.forms.typed import (
    LARGEST,
    SMALLEST,
    AddressesField,
    AddressField,
    NameField,
    PrefixField,
    RangeField,
)


class CreateForm(NetworkForm):
    command_class = CreateNetwork
    leaves = True
    tells_at = "new_name"

    new_name = NameField(label="Name")
    cidr = RangeField(
        IPv4Network, label="Addresses", help_text="Like 10.20.4.0/24. This can never be changed afterwards."
    )
    gateway = AddressField(IPv4Address, label="Gateway", required=False)
    network6 = RangeField(IPv6Network, label="IPv6 addresses", required=False)
    gateway6 = AddressField(IPv6Address, label="IPv6 gateway", required=False)
    mac_prefix = PrefixField(
        label="Prefix of MAC addresses", required=False, help_text="Empty: that of the cluster."
    )
    reserved = AddressesField(label="Reserved addresses", required=False)
    tags = forms.CharField(label="Tags", max_length=20_000, required=False, help_text="With spaces.")
    conflicts_check = forms.BooleanField(
        label="Reserve addresses in it that nodes have", required=False, initial=True
    )

    def line(self) -> str:
        return ""

    def clean_cidr(self) -> str:
        chosen = str(self.cleaned_data["cidr"])
        length = IPv4Network(chosen).prefixlen
        if not LARGEST <= length <= SMALLEST:
            raise forms.ValidationError(f"Ganeti takes networks from /{LARGEST} to /{SMALLEST}.")
        return chosen

    def clean_tags(self) -> tuple[str, ...]:
        typed = tuple(dict.fromkeys(self.cleaned_data["tags"].replace(",", " ").split()))
        for tag in typed:
            if not TAG.fullmatch(tag) or tag.startswith(OURS):
                raise forms.ValidationError(f"“{tag[:60]}” cannot be a tag here.")
        return typed

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        for field, told in (*outside(chosen).items(), *outside6(chosen).items()):
            self.add_error(field, told)
        return chosen


def outside(chosen: Mapping[str, Any]) -> dict[str, str]:
    """By field, which IPv4 addresses do not lie in the network, or are taken from the start."""
    if not chosen.get("cidr"):
        return {}
    within = IPv4Network(chosen["cidr"])
    ends = (str(within.network_address), str(within.broadcast_address))
    gateway, reserved = chosen.get("gateway") or "", chosen.get("reserved") or ()
    told = {}
    if gateway and IPv4Address(gateway) not in within:
        told["gateway"] = f"It is not in {within}."
    elif gateway in ends:
        told["gateway"] = "The first and the last address of a network are never given out."
    if strange := [address for address in reserved if IPv4Address(address) not in within]:
        told["reserved"] = f"Not in {within}: {some(strange)}."
    elif again := [address for address in reserved if address in {*ends, gateway}]:
        told["reserved"] = f"Reserved by itself: {some(again)}."
    return told


def outside6(chosen: Mapping[str, Any]) -> dict[str, str]:
    """The same of the IPv6 gateway."""
    if not chosen.get("gateway6") or IPv6Address(chosen["gateway6"]).is_link_local:
        return {}
    if not chosen.get("network6"):
        return {"gateway6": "It needs the IPv6 addresses of the network."}
    within = IPv6Network(chosen["network6"])
    return {} if IPv6Address(chosen["gateway6"]) in within else {"gateway6": f"It is not in {within}."}
