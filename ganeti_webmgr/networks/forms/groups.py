"""Which group is connected, and how."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.networks.commands import ConnectNetwork, DisconnectNetwork
from ganeti_webmgr.networks.commands.groups import unconnected
from ganeti_webmgr.networks.forms.network import NetworkForm
from ganeti_webmgr.vms.forms.connection import MODES, VLAN, WORD


class GroupForm(NetworkForm):
    """One group of the network's cluster."""

    tells_at = "group"

    group = forms.ChoiceField(
        label="Group", error_messages={"invalid_choice": "“%(value)s” is no group that can be chosen here."}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(name, name) for name in self.groups()]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def groups(self) -> list[str]:
        raise NotImplementedError

    def line(self) -> str:
        return ""


class ConnectForm(GroupForm):
    command_class = ConnectNetwork
    verb = "connect"

    mode = forms.ChoiceField(label="How", choices=MODES, initial="bridged")
    link = forms.CharField(
        label="Link",
        max_length=64,
        help_text="On every node of the group: the bridge or switch, or the table where it is routed.",
    )
    vlan = forms.CharField(
        label="VLAN", max_length=100, required=False, help_text="Only with Open vSwitch, and tagged bridges."
    )
    conflicts_check = forms.BooleanField(
        label="Refuse it if a machine in the group has one of the addresses already",
        required=False,
        initial=True,
    )

    def groups(self) -> list[str]:
        return unconnected(self.on)

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if not WORD.fullmatch(link):
            raise forms.ValidationError("A link has letters, digits and . _ + -")
        return link

    def clean_vlan(self) -> str:
        vlan = str(self.cleaned_data["vlan"])
        if vlan and not VLAN.fullmatch(vlan):
            raise forms.ValidationError("A VLAN is a number, like 204; tagged ones are written :204:205.")
        return vlan


class DisconnectForm(GroupForm):
    command_class = DisconnectNetwork
    verb = "disconnect"
    note = "Machines there can no longer be given an interface in it."

    def groups(self) -> list[str]:
        return [how["group"] for how in self.on.connections]
