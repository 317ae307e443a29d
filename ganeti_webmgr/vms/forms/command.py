"""What every form of a machine's command has."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.forms import CommandForm
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.vms.models import VirtualMachine

OVER_QUOTA = "Even over the quota. This is recorded."


class MachineForm(CommandForm):
    """The parameters of one command, for one machine; or for many, where `vm` is None."""

    command_class: ClassVar[type[MachineCommand]]

    def __init__(self, *args: Any, vm: VirtualMachine | None, user: User, **options: Any) -> None:
        super().__init__(*args, on=vm, user=user, **options)
        self.vm = vm

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

    def command(self) -> MachineCommand:
        made: MachineCommand = super().command()
        return made

    def _lack(self) -> str:
        if self.vm is None or self.vm.owner is None:
            return ""
        return quota.lack(self.vm.owner, self.vm.cluster, self.command().demand(self.vm))
