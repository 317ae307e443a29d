"""What every form of a command has."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.models import VirtualMachine

LONGEST_TIMEOUT_S = 3600
OVER_QUOTA = "Even over the quota. This is recorded."


class CommandForm(forms.Form):
    """The parameters of one command, for one machine; or for many, where `vm` is None."""

    do_not_call_in_templates: ClassVar[bool] = True  # as for commands

    command_class: ClassVar[type[Command]]
    verb: ClassVar[str] = ""  # in the address; the command's name where it is empty
    is_danger: ClassVar[bool] = False
    note: ClassVar[str] = ""  # what one should know before
    asks: ClassVar[bool] = True  # false where one press is enough

    def __init__(self, *args: Any, vm: VirtualMachine | None, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.vm, self.user = vm, user
        self.over_quota = False  # whether the one who may has ticked that it may go over

    def is_valid(self) -> bool:
        """Also whether what it takes is within the quota; so that a form which asks for too much is kept."""
        if not super().is_valid():
            return False
        told = self._lack()
        if told and policy.sees_all(self.user):
            self.fields["over_quota"] = forms.BooleanField(label=OVER_QUOTA, required=False)
            self.over_quota = "over_quota" in self.data
        if told and not self.over_quota:
            self.add_error(None, told)
        return not told or self.over_quota

    def command(self) -> Command:
        """The command with what was chosen; fields that are no parameters of it only confirm."""
        return self._made_of(self.parameters())

    def parameters(self) -> dict[str, Any]:
        """The command's parameters by name, as they were chosen."""
        return self.cleaned_data

    def line(self) -> str:
        """The command line for what the form begins with; empty where something must be chosen first."""
        begun = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        known = {field.name for field in fields(self.command_class)}
        if self.vm is None or any(
            field.required and begun[name] is None and name in known for name, field in self.fields.items()
        ):
            return ""
        return self._made_of(begun).line(self.vm.name)

    def _lack(self) -> str:
        if self.vm is None or self.vm.owner is None:
            return ""
        return quota.lack(self.vm.owner, self.vm.cluster, self.command().demand(self.vm))

    def _made_of(self, chosen: dict[str, Any]) -> Command:
        known = {field.name for field in fields(self.command_class)}
        given = {name: value for name, value in chosen.items() if name in known and value is not None}
        return self.command_class(**given)

    def points(self) -> list[State]:
        """What goes, what stays, what to mind: one line each."""
        return [State("warn", "alert-triangle", self.note)] if self.note else []


class SecondsField(forms.IntegerField):
    """A length of time in seconds."""

    unit = "seconds"

    def __init__(self, *, least: int = 1, **options: Any) -> None:
        super().__init__(min_value=least, max_value=LONGEST_TIMEOUT_S, **options)


class TypedName(forms.CharField):
    """The name of the machine, typed by hand before its data are lost."""

    def __init__(self, name: str) -> None:
        super().__init__(
            label=f"Type {name}",
            max_length=255,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
        self._name = name

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if typed != self._name:
            raise forms.ValidationError(f"That is not {self._name}. Nothing was done.")
        return typed
