"""The parameters of the hypervisor and of the operating system, as forms made of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from ganeti_webmgr.ui.wording import setting
from ganeti_webmgr.vms.creation.ground import Inherited
from ganeti_webmgr.vms.forms.controls import control, why_fixed
from ganeti_webmgr.vms.forms.unseen import unseen
from ganeti_webmgr.vms.hypervisors import told
from ganeti_webmgr.vms.images.parameters import KEYS, PUBLIC, USER_DATA, OsParameter


class HypervisorForm(forms.Form):
    """Every parameter with the value that is in force; only what is changed counts.

    `preset` is what the operating system's entry in the catalogue gives its machines; `granted` what somebody
    set who may, and the person may not.
    """

    def __init__(
        self,
        *args: Any,
        inherited: Iterable[Inherited],
        preset: Mapping[str, Any],
        granted: Mapping[str, Any],
        administers: bool,
        is_shown: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.inherited = {each.parameter.name: each for each in inherited}
        self.given = {name: value for name, value in {**preset, **granted}.items() if name in self.inherited}
        self._administers = administers
        for name, each in self.inherited.items() if is_shown else ():
            if not why_fixed(each.parameter, administers=administers):
                self.fields[name] = control(each.parameter, self.given.get(name, each.value))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in self.fields:
            try:
                values[name] = self.inherited[name].parameter.read(values.get(name, ""))
            except ValueError as error:
                values.pop(name, None)
                self.add_error(name, str(error))
        return values

    def chosen(self) -> dict[str, Any]:
        """What differs from what the machine has without being told."""
        typed = getattr(self, "cleaned_data", {}) if self.is_bound else {}
        values = {**self.given, **typed}
        return {
            name: value for name, value in values.items() if told(value) != told(self.inherited[name].value)
        }

    def sections(self) -> list[tuple[str, list[dict[str, Any]], int]]:
        """By section: its lines, and how many of them are set."""
        found: dict[str, list[dict[str, Any]]] = {}
        for name, each in self.inherited.items():
            found.setdefault(each.parameter.section, []).append(self._line(name, each))
        return [(title, lines, sum(line["is_set"] for line in lines)) for title, lines in found.items()]

    def _line(self, name: str, each: Inherited) -> dict[str, Any]:
        field = self[name] if name in self.fields else None
        now = field.value() if field else self.given.get(name, each.value)
        return {
            "parameter": each.parameter,
            "field": field,
            "value": setting(now),
            "is_set": told(now) != told(each.value),
            "inherited": setting(each.value),
            "source": "the image" if name in self.given else each.source,
            "why_fixed": why_fixed(each.parameter, administers=self._administers),
        }


class SystemForm(forms.Form):
    """What the operating system can be told, as it was described."""

    def __init__(
        self,
        *args: Any,
        parameters: Iterable[OsParameter],
        keys: list[tuple[str, str]],
        kept: frozenset[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.parameters = {parameter.name: parameter for parameter in parameters}
        for name, parameter in self.parameters.items():
            self.fields[name] = _told_to_system(parameter, keys=keys, is_kept=name in kept)

    def typed(self, visibility: str) -> dict[str, str]:
        """By name, what was typed for those parameters that are seen so."""
        values = getattr(self, "cleaned_data", {})
        return {
            name: values[name]
            for name, parameter in self.parameters.items()
            if parameter.visibility == visibility and values.get(name)
        }


def _told_to_system(parameter: OsParameter, *, keys: list[tuple[str, str]], is_kept: bool) -> forms.Field:
    words: dict[str, Any] = {"label": parameter.name, "help_text": parameter.help, "required": False}
    if parameter.role == KEYS:
        return forms.ChoiceField(choices=keys, initial=keys[0][0], **{**words, "label": "SSH keys"})
    widget: forms.Widget = forms.TextInput()
    if parameter.visibility != PUBLIC:
        widget = unseen(is_kept=is_kept)
    elif parameter.role == USER_DATA:
        widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    return forms.CharField(max_length=60000, initial=parameter.value, widget=widget, strip=False, **words)
