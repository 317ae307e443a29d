"""Which part a node is to have."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from ganeti_webmgr.nodes import plan
from ganeti_webmgr.nodes.commands import BringBack, ChangeRole, Drain, TakeOffline
from ganeti_webmgr.nodes.forms.command import NodeForm
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.state import State

CHOICES = [("master-candidate", "Master candidate"), ("regular", "Regular")]


class RoleForm(NodeForm):
    """A change of the role; a master candidate that gives its place up may need a successor."""

    auto_promote = forms.BooleanField(
        label="Make another node a master candidate where too few are left",
        required=False,
        initial=True,
        help_text="Without this, Ganeti refuses where there would be fewer than the cluster wants.",
    )
    force = forms.BooleanField(
        label="Force",
        required=False,
        help_text="Also where Ganeti would rather not, as far as it lets itself be forced.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.on.role != Node.Role.CANDIDATE:
            del self.fields["auto_promote"]


class DrainForm(RoleForm):
    command_class = Drain
    verb = "drain"

    def points(self) -> list[State]:
        return [
            State("good", "circle-check", "Its machines stay and run on."),
            State("quiet", "info-circle", "New machines, and those that move, go to other nodes."),
        ]


class TakeOfflineForm(RoleForm):
    command_class = TakeOffline
    verb = "offline"
    is_danger = True

    def points(self) -> list[State]:
        told = (
            "Ganeti asks nothing of it any more: what runs there runs on unseen and cannot be stopped.",
            "Before its machines start elsewhere it must really be off: else both write the same disks.",
        )
        return [State("warn", "alert-triangle", text) for text in told]

    @cached_property
    def plan(self) -> plan.Plan:
        return plan.plan(plan.primaries(self.on, self.user), plan.cut_off)


class ChangeRoleForm(RoleForm):
    command_class = ChangeRole
    verb = "role"

    role = forms.ChoiceField(label="It is to be", choices=CHOICES, widget=forms.RadioSelect)

    field_order = ("role", "auto_promote", "force")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].initial = "regular" if self.on.role == "C" else "master-candidate"

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        now = {Node.Role.CANDIDATE: "master-candidate", Node.Role.REGULAR: "regular"}.get(
            Node.Role(self.on.role)
        )
        if chosen.get("role") and chosen["role"] == now:
            self.add_error("role", f"It is {self.on.get_role_display()} already.")
        elif chosen.get("role") and (why := self.command_class(role=chosen["role"]).against(self.on)):
            self.add_error("role", why)
        return chosen

    def points(self) -> list[State]:
        told = "Where the cluster has too few master candidates, Ganeti makes a regular node one by itself."
        return [State("quiet", "info-circle", told)]


class BringBackForm(ChangeRoleForm):
    command_class = BringBack
    verb = "bring-back"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].initial = "regular"

    def points(self) -> list[State]:
        found = super().points()
        if self.on.role == Node.Role.OFFLINE:
            told = (
                "If it was installed anew, or missed changes of the cluster's configuration, add it again "
                f"instead, on the master: gnt-node add --readd {self.on}"
            )
            found.append(State("warn", "alert-triangle", told))
        return found
