"""Parameters that are set on an object, or else come from what stands above it: an empty field inherits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django import forms

from ganeti_webmgr.ui.wording import setting

DEFAULT = "default"  # takes an own value away (reference, 2.5)
WHICH = {"true": True, "false": False}


@dataclass(frozen=True)
class Inherited:
    """One parameter, as Ganeti calls it and as people do."""

    name: str
    kind: Literal["bool", "int", "float", "text"]
    title: str
    help: str = ""
    least: int = 0
    most: int = 2**31 - 1


def fields(
    table: Iterable[Inherited], *, own: Mapping[str, Any], above: Mapping[str, Any], source: str
) -> dict[str, forms.Field]:
    """A field for each of the parameters that the answer from above knows."""
    return {
        parameter.name: _field(parameter, own.get(parameter.name), above[parameter.name], source)
        for parameter in table
        if parameter.name in above
    }


def changes(
    table: Iterable[Inherited], *, own: Mapping[str, Any], chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """What is to be sent: the values that differ, and what takes an own value away."""
    found: dict[str, Any] = {}
    for parameter in table:
        name = parameter.name
        if name not in chosen:
            continue
        typed = chosen[name]
        if typed in (None, ""):
            if name in own:
                found[name] = DEFAULT
        elif name not in own or typed != own[name]:
            found[name] = typed
    return found


def _field(parameter: Inherited, own: Any, above: Any, source: str) -> forms.Field:
    inherits = f"{setting(above)}, from {source}"
    if parameter.kind == "bool":
        return forms.TypedChoiceField(
            label=parameter.title,
            help_text=parameter.help,
            choices=[("", f"As inherited: {inherits}"), ("true", "on"), ("false", "off")],
            coerce=WHICH.get,
            empty_value=None,
            required=False,
            initial=None if own is None else str(own).lower(),
        )
    given: dict[str, Any] = {
        "label": parameter.title,
        "help_text": " ".join(filter(None, [parameter.help, f"Empty: {inherits}."])),
        "required": False,
        "initial": own,
    }
    if parameter.kind == "text":
        return forms.CharField(max_length=255, **given)
    kind = forms.IntegerField if parameter.kind == "int" else forms.FloatField
    return kind(min_value=parameter.least, max_value=parameter.most, **given)
