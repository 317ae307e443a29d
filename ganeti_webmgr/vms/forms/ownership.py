"""To whom a machine is handed."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.finding import find_project
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import may_receive


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
        return find_project(
            self.cleaned_data["project"].strip(),
            fits=lambda project: may_receive(self._user, project, self._vm),
            that=" that you may give it to",
        )
