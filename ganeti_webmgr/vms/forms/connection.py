"""What is said of a disk's or an interface's name, and of an interface's connection, wherever it is typed."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.ui.select import LongSelect

WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+-]{0,63}")
MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
VLAN = re.compile(r"\d{1,4}|\.\d{1,4}(:\d{1,4})*|(:\d{1,4})+")
NAME_WORDS = "Use letters, digits, dots and hyphens, and not only digits."
POOL = "pool"  # the next free address of a network
MODES = [("bridged", "bridged"), ("routed", "routed"), ("openvswitch", "Open vSwitch")]
BY_HAND = ("mode", "link", "vlan")


class NamedForm(forms.Form):
    """A device may have a name of its own."""

    name = forms.CharField(label="Name", max_length=64, required=False)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if name and (not WORD.fullmatch(name) or name.isdecimal() or name.lower() == "none"):
            raise forms.ValidationError(NAME_WORDS)
        return name


class ConnectionForm(NamedForm):
    """An interface: in one of Ganeti's networks, or set by hand."""

    network = forms.ChoiceField(label="Network", required=False, widget=LongSelect)
    ip = forms.CharField(label="IP address", max_length=45, required=False)
    mac = forms.CharField(label="MAC address", max_length=17, required=False)
    mode = forms.ChoiceField(label="Mode", required=False)
    link = forms.CharField(label="Link", max_length=64, required=False)
    vlan = forms.CharField(label="VLAN", max_length=60, required=False)
    field_order: tuple[str, ...] = ("network", "ip", "mac", "mode", "link", "vlan", "name")

    def __init__(self, *args: Any, networks: list[Network], group: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._networks, self._group = networks, group

    def clean_ip(self) -> str:
        typed: str = self.cleaned_data["ip"].strip().lower()
        if typed in {"", "none", POOL, "next free"}:
            return POOL if typed in {POOL, "next free"} else ""
        try:
            return str(ipaddress.ip_address(typed))
        except ValueError:
            raise forms.ValidationError("This is no IP address. Write it as 192.0.2.7.") from None

    def clean_mac(self) -> str:
        typed: str = self.cleaned_data["mac"].strip().lower().replace("-", ":")
        if typed in {"", "auto", "generate", "generated"}:
            return ""
        if not MAC.fullmatch(typed):
            raise forms.ValidationError("Write a MAC address as aa:00:00:12:34:56.")
        if int(typed[:2], 16) & 1:
            raise forms.ValidationError("This is an address of many. The second digit must be even.")
        return typed

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"].strip()
        if link and not WORD.fullmatch(link):
            raise forms.ValidationError("This cannot be the name of a bridge, switch or table.")
        return link

    def clean_vlan(self) -> str:
        vlan: str = self.cleaned_data["vlan"].strip()
        numbers = [int(number) for number in re.findall(r"\d+", vlan)]
        if vlan and (not VLAN.fullmatch(vlan) or not all(0 < number < 4095 for number in numbers)):
            raise forms.ValidationError("Write 12, .12 (access), :10:20 (trunk) or .12:10:20; up to 4094.")
        return vlan

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("network"):
            self.in_network(values)
        else:
            self.by_hand(values)
        return values

    def in_network(self, values: dict[str, Any]) -> None:
        """Whether the address and the group fit the network."""
        network = next((each for each in self._networks if each.name == values["network"]), None)
        if network is None:
            return
        ip = values.get("ip", "")
        if ip == POOL and not network.free_count:
            self.add_error("network", f"{network} has no free address. Choose another.")
        elif ip not in {"", POOL} and ipaddress.ip_address(ip) not in ipaddress.ip_network(network.cidr):
            self.add_error("ip", f"{ip} is not in {network}, {network.cidr}.")
        groups = {connection["group"] for connection in network.details.get("connections", [])}
        if self._group and self._group not in groups:
            self.add_error("network", f"{network} is not connected to the group {self._group}.")
        elif not groups:
            self.add_error("network", f"{network} is connected to no group of nodes.")

    def by_hand(self, values: dict[str, Any]) -> None:
        """Whether the address can stand in no network."""
        ip = values.get("ip", "")
        if ip == POOL:
            self.add_error("ip", "The next free address is one of a network: choose the network.")
        elif ip:
            address = ipaddress.ip_address(ip)
            inside = [net for net in self._networks if address in ipaddress.ip_network(net.cidr)]
            if inside:
                self.add_error("ip", f"{ip} is in {inside[0]}. Choose that network.")
        if values.get("vlan") and values.get("mode") == "routed":
            self.add_error("vlan", "A routed interface has no VLAN.")
