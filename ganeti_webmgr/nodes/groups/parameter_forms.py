"""The parameters of a group. What is left empty comes from the cluster."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.jobs import inherited
from ganeti_webmgr.jobs.forms import CommandForm
from ganeti_webmgr.nodes.groups.commands import ChangeGroup
from ganeti_webmgr.nodes.groups.disk_parameters import DiskParameters, disk_field
from ganeti_webmgr.nodes.groups.words import ALLOCATION
from ganeti_webmgr.nodes.parameters import OF_GROUPS, above_group

SOURCE = "the cluster"
SAME = "That is how it is already."


class ChangeForm(CommandForm):
    """A form of what is to be different."""

    on: NodeGroup

    def line(self) -> str:
        return ""

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if not self.errors and not self.parameters():
            raise forms.ValidationError(SAME)
        return chosen


class ChangeGroupForm(ChangeForm):
    command_class = ChangeGroup
    verb = "change"

    alloc_policy = forms.ChoiceField(
        label="New machines", choices=list(ALLOCATION.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["alloc_policy"].initial = self.on.alloc_policy
        self._own = self.on.details.get("custom_ndparams") or {}
        self.fields |= inherited.fields(OF_GROUPS, own=self._own, above=above_group(self.on), source=SOURCE)
        self._disks = DiskParameters(self.on)
        self.fields |= self._disks.fields()

    def clean(self) -> dict[str, Any]:
        self._diskparams: dict[str, Any] = {}
        for template in self._disks.templates:
            try:
                changed = self._disks.changes(template, self.cleaned_data.get(disk_field(template)))
            except forms.ValidationError as error:
                self.add_error(disk_field(template), error)
            else:
                if changed:
                    self._diskparams[template] = changed
        return super().clean()

    def parameters(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        found: dict[str, Any] = {}
        if chosen["alloc_policy"] != self.on.alloc_policy:
            found["alloc_policy"] = chosen["alloc_policy"]
        if ndparams := inherited.changes(OF_GROUPS, own=self._own, chosen=chosen):
            found["ndparams"] = ndparams
        if self._diskparams:
            found["diskparams"] = self._diskparams
        return found
