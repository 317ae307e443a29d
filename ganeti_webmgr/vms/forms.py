"""What a person chooses before something is done to a machine."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.vms.commands import DEFAULT_TIMEOUT_S, ForceStop, Restart, ShutDown, Start
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import may_receive

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


class OwnerForm(forms.Form):
    """The project that a machine is to belong to."""

    project = forms.CharField(
        label="To the project", max_length=100, help_text="Its name, or its word in addresses"
    )
    over_quota = forms.BooleanField(
        label="Even if it goes over the quota there. This is recorded.", required=False
    )

    def __init__(self, *args: Any, user: User, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user, self._vm = user, vm
        if not policy.sees_all(user):
            del self.fields["over_quota"]

    @property
    def wants_to_go_over(self) -> bool:
        return bool(self.cleaned_data.get("over_quota"))

    def clean_project(self) -> Project:
        typed = self.cleaned_data["project"].strip()
        found = Project.objects.filter(slug=typed).first() or Project.objects.filter(name=typed).first()
        if found is None or not may_receive(self._user, found, self._vm):
            raise forms.ValidationError(f"There is no project “{typed[:80]}” that you may give it to.")
        return found


FORMS: dict[str, type[CommandForm]] = {
    form.command_class.name: form for form in (StartForm, ShutDownForm, ForceStopForm, RestartForm)
}
