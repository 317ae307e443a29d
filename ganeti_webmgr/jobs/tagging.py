"""Tags, changed in the same way on everything that has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django import forms

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Command, On
from ganeti_webmgr.jobs.forms import CommandForm

TAG = re.compile(r"[\w.+*/:@-]{1,128}", re.ASCII)
# Tags with which older managers said whose a machine is; they are understood here.
OLDER_OWNERS = ("ganetimgr:user:", "ganetimgr:group:", "GANETI_WEB_MANAGER:")
OURS = ("gwm:", *OLDER_OWNERS)


def refuse_ours(tag: str) -> None:
    """ValidationError where the tag would say whose a machine is, or something else of ours."""
    if tag.startswith(OURS):
        prefix = next(prefix for prefix in OURS if tag.startswith(prefix))
        raise forms.ValidationError(f"Tags that begin with “{prefix}” cannot be typed: this site reads them.")


class Tagged(Protocol):
    """What the client calls the objects of one kind."""

    def add_tags(self, name: str, tags: Sequence[str], *, reason: str) -> int: ...

    def remove_tags(self, name: str, tags: Sequence[str], *, reason: str) -> int: ...


class TagsCommand(Command[On]):
    """A change of tags; says where the client and the command line have those objects."""

    busy = "Changing"
    permission = "tags"

    tool: ClassVar[str]  # on the command line: "gnt-node"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Tagging(TagsCommand[On]):
    """Puts tags on the object, and then takes others away."""

    label = "Change tags"
    icon = "tag"

    untagging: ClassVar[type[Untagging[Any]]]

    tags: Sequence[str]
    remove: Sequence[str] = ()

    def then(self) -> Command[On] | None:
        return self.untagging(tags=self.remove) if self.remove else None

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return self.among(client).add_tags(target, self.tags, reason=reason)

    def line(self, target: str) -> str:
        return f"{self.tool} add-tags {target} {' '.join(self.tags)}"


@dataclass(frozen=True, kw_only=True)
class Untagging(TagsCommand[On]):
    """Takes tags away from the object."""

    label = "Remove tags"
    icon = "tag-off"

    tags: Sequence[str]

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return self.among(client).remove_tags(target, self.tags, reason=reason)

    def line(self, target: str) -> str:
        return f"{self.tool} remove-tags {target} {' '.join(self.tags)}"


class TaggingForm(CommandForm):
    """All tags of the object but those that this product writes, or takes owners from."""

    command_class: ClassVar[type[Tagging[Any]]]
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
        self._now = [tag for tag in (self.on.tags if self.on else []) if not tag.startswith(OURS)]
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
            refuse_ours(tag)
        if set(typed) == set(self._now):
            raise forms.ValidationError("These are its tags already.")
        return typed

    def command(self) -> Any:
        wanted = self.cleaned_data["tags"]
        new = tuple(tag for tag in wanted if tag not in self._now)
        gone = tuple(tag for tag in self._now if tag not in wanted)
        tagging = self.command_class
        return tagging(tags=new, remove=gone) if new else tagging.untagging(tags=gone)
