"""Parameters with the value that is in force, where it comes from, and what is set on the machine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from ganeti_webmgr.ui.sizes import RoundedSizeField
from ganeti_webmgr.ui.wording import mib, setting
from ganeti_webmgr.vms.commands.change import DEFAULT
from ganeti_webmgr.vms.forms.controls import control, why_fixed
from ganeti_webmgr.vms.hypervisors import Parameter
from ganeti_webmgr.vms.models import VirtualMachine

MEMORY = ("maxmem", "minmem")
SIZE = "Size"
BACKEND = (
    Parameter("vcpus", "int", 1, section=SIZE, title="vCPUs", minimum=1, maximum=1024),
    Parameter("maxmem", "int", 128, section=SIZE, title="Memory, at most"),
    Parameter("minmem", "int", 128, section=SIZE, title="Memory, at least", help="It starts with as little."),
    Parameter("auto_balance", "bool", True, section=SIZE, title="Counts in failover planning"),
    Parameter("always_failover", "bool", False, section=SIZE, title="Never migrate, always fail over"),
    Parameter("spindle_use", "int", 1, section=SIZE, title="Spindles used", maximum=1024),
)


@dataclass(frozen=True)
class Row:
    """One parameter on the page; `field` and `own` are None where it cannot be set, and `why` says why."""

    parameter: Parameter
    value: str
    inherited: str
    is_own: bool
    why: str
    field: forms.BoundField | None
    own: forms.BoundField | None


class ParametersForm(forms.Form):
    """The parameters of one kind. A changed value becomes the machine's own; without a tick it has none."""

    def __init__(
        self,
        data: Any,
        *,
        kind: str,
        parameters: tuple[Parameter, ...],
        vm: VirtualMachine,
        inherited: Mapping[str, Any],
        may_all: bool,
    ) -> None:
        super().__init__(data, prefix=kind)
        self.now: Mapping[str, Any] = vm.details.get(kind) or {}
        self.custom: Mapping[str, Any] = vm.details.get(f"custom_{kind}") or {}
        self._inherited, self._may_all = inherited, may_all
        # A parameter that is not in the cluster's answer is one that its version does not know.
        self.parameters = [parameter for parameter in parameters if parameter.name in self.now]
        for parameter in self.parameters:
            if not self._why(parameter):
                self._add(parameter)

    def _why(self, parameter: Parameter) -> str:
        return why_fixed(parameter, administers=self._may_all)

    def _add(self, parameter: Parameter) -> None:
        name = parameter.name
        self.fields[name] = _field(parameter, self.now[name])
        self.fields[own(name)] = forms.BooleanField(
            label=f"{parameter.title}: set here", required=False, initial=name in self.custom
        )

    def rows(self) -> dict[str, list[Row]]:
        """By section, each parameter of it."""
        sections: dict[str, list[Row]] = {}
        for parameter in self.parameters:
            sections.setdefault(parameter.section, []).append(self._row(parameter))
        return sections

    def _row(self, parameter: Parameter) -> Row:
        name, why = parameter.name, self._why(parameter)
        say = mib if name in MEMORY else setting
        return Row(
            parameter,
            value=say(self.now[name]),
            inherited=say(self._inherited[name]) if name in self._inherited else "",
            is_own=name in self.custom,
            why=why,
            field=None if why else self[name],
            own=None if why else self[own(name)],
        )

    def after(self, name: str) -> Any:
        """The value as it will be; None where nobody knows."""
        wanted = self.changes.get(name, self.now.get(name))
        return self._inherited.get(name) if wanted == DEFAULT else wanted

    def clean(self) -> dict[str, Any]:
        self.changes: dict[str, Any] = {}
        for parameter in self.parameters:
            if parameter.name in self.fields and parameter.name not in self.errors:
                self._compare(parameter)
        return self.cleaned_data

    def _compare(self, parameter: Parameter) -> None:
        name = parameter.name
        typed = self.cleaned_data[name]
        if typed is None:
            self.add_error(name, "Write a size, or take the tick away.")
            return
        try:
            value = typed if isinstance(typed, int) else parameter.read(typed)
        except ValueError as error:
            self.add_error(name, str(error))
            return
        wanted, was_own, differs = self.cleaned_data[own(name)], name in self.custom, value != self.now[name]
        if was_own and not wanted:
            if differs:
                self.add_error(name, "Keep the tick to set this value, or leave the value as it was.")
            else:
                self.changes[name] = DEFAULT
        elif differs or (wanted and not was_own):
            self.changes[name] = value


def own(name: str) -> str:
    """The name of the tick that belongs to a parameter."""
    return f"{name}-own"


def _field(parameter: Parameter, value: Any) -> forms.Field:
    if parameter.name not in MEMORY:
        return control(parameter, value)
    return RoundedSizeField(label=parameter.title, help_text=parameter.help, required=False, initial=value)
