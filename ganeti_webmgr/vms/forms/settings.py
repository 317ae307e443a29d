"""Tags, and being set offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.vms.commands import AddTags, RemoveTags, SetOffline, SetOnline
from ganeti_webmgr.vms.forms.command import MachineForm

TAG = re.compile(r"[\w.+*/:@-]{1,128}", re.ASCII)
OURS = "gwm:"


class SetOfflineForm(MachineForm):
    command_class = SetOffline
    note = "It cannot be started until it is set online again, and no memory is kept free for it."


class SetOnlineForm(MachineForm):
    command_class = SetOnline
    asks = False


class TagsForm(MachineForm):
    """All tags of the machine but those that this product keeps its own word in."""

    command_class = AddTags
    verb = "tags"

    tags = forms.CharField(
        label="Tags",
        required=False,
        max_length=200_000,
        help_text="With spaces or in lines. Letters, digits and . + * / : @ - _",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._now = [tag for tag in (self.vm.tags if self.vm else []) if not tag.startswith(OURS)]
        self.fields["tags"].initial = "\n".join(self._now)

    def line(self) -> str:
        return ""

    def clean_tags(self) -> Sequence[str]:
        typed = list(dict.fromkeys(self.cleaned_data["tags"].replace(",", " ").split()))
        for tag in typed:
            if not TAG.fullmatch(tag):
                raise forms.ValidationError(
                    f"“{tag[:60]}” cannot be a tag: at most 128 letters, digits and . + * / : @ - _"
                )
            if tag.startswith(OURS):
                raise forms.ValidationError(f"Tags that begin with “{OURS}” are given by this product alone.")
        if set(typed) == set(self._now):
            raise forms.ValidationError("These are its tags already.")
        return typed

    def command(self) -> MachineCommand:
        wanted = self.cleaned_data["tags"]
        new = tuple(tag for tag in wanted if tag not in self._now)
        gone = tuple(tag for tag in self._now if tag not in wanted)
        return AddTags(tags=new, remove=gone) if new else RemoveTags(tags=gone)
