"""Which storage of a node."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from ganeti_webmgr.nodes.commands import ModifyStorage, ReadStorage, RepairStorage
from ganeti_webmgr.nodes.forms.command import NodeForm
from ganeti_webmgr.nodes.storage import KINDS

printable = RegexValidator(r"^[^\s\x00-\x1f]+\Z", "Write the name as the node has it, without spaces.")


class ReadStorageForm(NodeForm):
    command_class = ReadStorage

    storage_type = forms.ChoiceField(
        label="Which", choices=list(KINDS.items()), widget=forms.RadioSelect, initial="lvm-vg"
    )


class ModifyStorageForm(NodeForm):
    command_class = ModifyStorage

    unit = forms.CharField(
        label="Physical volume", max_length=255, validators=[printable], help_text="Such as /dev/sda3."
    )
    allocatable = forms.BooleanField(
        label="New disks may be put there",
        required=False,
        initial=False,
        help_text="What is there already stays.",
    )


class RepairStorageForm(NodeForm):
    command_class = RepairStorage
    is_danger = True
    note = "The volume group forgets the physical volumes that it has lost, and what was on them."

    unit = forms.CharField(label="Volume group", max_length=255, validators=[printable])
