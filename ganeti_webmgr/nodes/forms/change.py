"""The settings of a node."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.jobs import inherited
from ganeti_webmgr.nodes.commands import ChangeNode
from ganeti_webmgr.nodes.forms.command import NodeForm
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.parameters import OF_NODES, above_node

FLAGS = ("master_capable", "vm_capable")


class ChangeNodeForm(NodeForm):
    """Its parameters, where an empty field inherits; what it may be; its second address."""

    command_class = ChangeNode
    verb = "change"

    master_capable = forms.BooleanField(label="Can be the master", required=False)
    vm_capable = forms.BooleanField(label="Holds machines", required=False)
    secondary_ip = forms.GenericIPAddressField(
        label="Second address",
        protocol="IPv4",
        required=False,
        help_text="Over which disks are mirrored. Only without machines that need the old one.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._own = self.on.details.get("custom_ndparams") or {}
        self.fields |= inherited.fields(
            OF_NODES, own=self._own, above=above_node(self.on), source="its group or the cluster"
        )
        for flag in FLAGS:
            self.fields[flag].initial = self.on.details.get(flag, True)
        self.fields["secondary_ip"].initial = self.on.secondary_ip
        self.order_fields([*(parameter.name for parameter in OF_NODES), *FLAGS, "secondary_ip"])

    def line(self) -> str:
        return ""

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if self.on.role == Node.Role.MASTER and chosen.get("master_capable") is False:
            self.add_error("master_capable", "It is the master.")
        if chosen.get("vm_capable") is False and (self.on.details.get("pinst_cnt") or 0):
            self.add_error("vm_capable", "It holds machines. Empty it first.")
        if not self.errors and not self.parameters():
            raise forms.ValidationError("That is how it is already.")
        return chosen

    def parameters(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        found: dict[str, Any] = {}
        if ndparams := inherited.changes(OF_NODES, own=self._own, chosen=chosen):
            found["ndparams"] = ndparams
        for flag in FLAGS:
            if chosen[flag] != self.on.details.get(flag, True):
                found[flag] = chosen[flag]
        if chosen["secondary_ip"] and chosen["secondary_ip"] != self.on.secondary_ip:
            found["secondary_ip"] = chosen["secondary_ip"]
        if found.get("master_capable") is False and self.on.role == Node.Role.CANDIDATE:
            found["auto_promote"] = True
        return found
