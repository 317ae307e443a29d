"""The power of a node."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from ganeti_webmgr.jobs.forms import TypedName
from ganeti_webmgr.nodes import plan
from ganeti_webmgr.nodes.commands import PowerCycle
from ganeti_webmgr.nodes.forms.command import NodeForm
from ganeti_webmgr.nodes.models import Node


class PowerCycleForm(NodeForm):
    command_class = PowerCycle
    is_danger = True
    note = "The node restarts at once and hard, as if its power were cut. Nothing on it is shut down first."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.on.role == Node.Role.MASTER:
            self.fields["force"] = forms.BooleanField(
                label="Although it is the master",
                help_text="Until it is back, nothing of the cluster can be seen or changed.",
            )
        self.fields["typed"] = TypedName(self.on.name)

    @cached_property
    def plan(self) -> plan.Plan:
        return plan.plan(plan.primaries(self.on, self.user), plan.power_cycled)
