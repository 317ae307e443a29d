"""What a person chooses before something is done to a machine."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.vms.commands import DEFAULT_TIMEOUT_S, ForceStop, Restart, ShutDown, Start

LONGEST_TIMEOUT_S = 3600


class CommandForm(forms.Form):
    """The parameters of one command."""

    command_class: type[Command]

    def command(self) -> Command:
        """The command with what was chosen."""
        values: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if value is not None
        }
        return self.command_class(**values)


class StartForm(CommandForm):
    command_class = Start


class ForceStopForm(CommandForm):
    command_class = ForceStop


class SecondsField(forms.IntegerField):
    unit = "seconds"


class ShutDownForm(CommandForm):
    command_class = ShutDown

    timeout_s = SecondsField(
        label="Wait for the system to shut itself down",
        help_text="After that the machine is turned off.",
        min_value=1,
        max_value=LONGEST_TIMEOUT_S,
        required=False,
        initial=DEFAULT_TIMEOUT_S,
    )


class RestartForm(CommandForm):
    command_class = Restart

    kind = forms.ChoiceField(
        label="How",
        choices=[
            ("soft", "Soft: the running system is reset; its hardware stays as it is"),
            ("hard", "Hard: stopped and started anew; waiting settings take effect"),
            ("full", "Full: as hard, with the disks closed and opened in between"),
        ],
        initial="hard",
        widget=forms.RadioSelect,
    )


FORMS: dict[str, type[CommandForm]] = {
    form.command_class.name: form for form in (StartForm, ShutDownForm, ForceStopForm, RestartForm)
}
