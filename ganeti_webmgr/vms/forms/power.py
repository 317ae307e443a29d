"""How a machine is started and stopped."""

from __future__ import annotations

from django import forms

from ganeti_webmgr.jobs.forms import SecondsField
from ganeti_webmgr.vms.commands import DEFAULT_TIMEOUT_S, ForceStop, Restart, ShutDown, Start
from ganeti_webmgr.vms.forms.command import MachineForm


class StartForm(MachineForm):
    command_class = Start
    asks = False


class ForceStopForm(MachineForm):
    command_class = ForceStop
    is_danger = True
    note = "Like pulling the plug: data not yet written is lost."


class ShutDownForm(MachineForm):
    command_class = ShutDown

    timeout_s = SecondsField(
        label="Wait for the system to shut itself down",
        help_text="After that the machine is turned off.",
        required=False,
        initial=DEFAULT_TIMEOUT_S,
    )


class RestartForm(MachineForm):
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
