"""What every form of a command has."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar, TypeVar

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.ui.state import State

LONGEST_TIMEOUT_S = 3600


class CommandForm(forms.Form):
    """The parameters of one command, for one object; or for many, where `on` is None."""

    do_not_call_in_templates: ClassVar[bool] = True  # as for commands

    command_class: ClassVar[type[Command[Any]]]
    verb: ClassVar[str] = ""  # in the address; the command's name where it is empty
    is_danger: ClassVar[bool] = False
    note: ClassVar[str] = ""  # what one should know before
    asks: ClassVar[bool] = True  # false where one press is enough
    leaves: ClassVar[bool] = False  # afterwards the object has no page to come back to

    def __init__(self, *args: Any, on: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on, self.user = on, user
        self.over_quota = False  # whether the one who may has ticked that it may go over

    def command(self) -> Any:
        """The command with what was chosen; fields that are no parameters of it only confirm."""
        return self._made_of(self.parameters())

    def parameters(self) -> dict[str, Any]:
        """The command's parameters by name, as they were chosen."""
        return self.cleaned_data

    def line(self) -> str:
        """The command line for what the form begins with; empty where something must be chosen first."""
        begun = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        known = {field.name for field in fields(self.command_class)}
        if self.on is None or any(
            field.required and begun[name] is None and name in known for name, field in self.fields.items()
        ):
            return ""
        command: Command[Any] = self._made_of(begun)
        return command.line(command.names(self.on))

    def points(self) -> list[State]:
        """What goes, what stays, what to mind: one line each."""
        return [State("warn", "alert-triangle", self.note)] if self.note else []

    def _made_of(self, chosen: dict[str, Any]) -> Any:
        known = {field.name for field in fields(self.command_class)}
        given = {name: value for name, value in chosen.items() if name in known and value is not None}
        return self.command_class(**given)


Form = TypeVar("Form", bound=CommandForm)


def by_verb(*found: type[Form]) -> dict[str, type[Form]]:
    """The forms by the word in the address of each."""
    return {form.verb or form.command_class.name: form for form in found}


class SecondsField(forms.IntegerField):
    """A length of time in seconds."""

    unit = "seconds"

    def __init__(self, *, least: int = 1, **options: Any) -> None:
        super().__init__(min_value=least, max_value=LONGEST_TIMEOUT_S, **options)


class TypedName(forms.CharField):
    """The name of the object, typed by hand before its data are lost."""

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
