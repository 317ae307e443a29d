"""What is set on a group for each kind of disk."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.jobs import inherited
from ganeti_webmgr.ui.pairs import PairsField
from ganeti_webmgr.ui.wording import spelled


def disk_field(template: str) -> str:
    """The name of the field with the parameters of that kind of disk."""
    return f"disks-{template}"


class DiskParameters:
    """What is set on a group for each kind of disk, as lines of name=value."""

    def __init__(self, group: NodeGroup) -> None:
        self._filled = group.details.get("diskparams") or {}
        self._own = group.details.get("custom_diskparams") or {}
        enabled = group.cluster.info.get("enabled_disk_templates") or []
        self.templates = [name for name in enabled if self._filled.get(name)]

    def fields(self) -> dict[str, forms.Field]:
        return {disk_field(template): self._field(template) for template in self.templates}

    def changes(self, template: str, lines: dict[str, str] | None) -> dict[str, Any]:
        """What differs; ValidationError where a line cannot be."""
        if lines is None:
            return {}
        own, filled = self._own.get(template) or {}, self._filled[template]
        wanted = {name: _like(filled, name, text) for name, text in lines.items()}
        gone = {name: inherited.DEFAULT for name in own if name not in wanted}
        return {name: value for name, value in wanted.items() if own.get(name) != value} | gone

    def _field(self, template: str) -> forms.Field:
        own = self._own.get(template) or {}
        there = ", ".join(f"{name}={_told(value)}" for name, value in self._filled[template].items())
        return PairsField(
            label=f"Disks of the kind {spelled(template)}",
            required=False,
            initial={name: _told(value) for name, value in own.items()},
            help_text=f"One in each line, as name=value; the others come from the cluster. Now: {there}.",
        )


def _told(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _like(filled: dict[str, Any], name: str, text: str) -> Any:
    """The text as a value of the kind that the parameter has."""
    if name not in filled:
        raise forms.ValidationError(f"There is no parameter “{name}”.")
    if isinstance(filled[name], bool):
        if text.lower() not in inherited.WHICH:
            raise forms.ValidationError(f"“{name}” is true or false.")
        return inherited.WHICH[text.lower()]
    if isinstance(filled[name], int):
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise forms.ValidationError(f"“{name}” is a whole number.")
        return int(text)
    return text
