"""Where the machines of a node are to go."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from ganeti_webmgr.nodes import plan
from ganeti_webmgr.nodes.choosing import NodeChoice, taking
from ganeti_webmgr.nodes.commands import EvacuatePrimaries, EvacuateSecondaries, MigrateAway
from ganeti_webmgr.nodes.forms.command import AllocatorField, NodeForm
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.moving import MIRRORED_OUTSIDE
from ganeti_webmgr.ui.state import State

CHILDREN = "Each move is a job of its own. The page of this job tells how many are done."


class EmptyingForm(NodeForm):
    """Machines away from the node."""

    rule: plan.Rule

    def points(self) -> list[State]:
        return [State("quiet", "info-circle", CHILDREN)]

    @cached_property
    def plan(self) -> plan.Plan:
        return plan.plan(plan.primaries(self.on, self.user), type(self).rule)

    def other_nodes(self, label: str, help_text: str = "") -> NodeChoice:
        names = taking(self.on.cluster, self.user).exclude(pk=self.on.pk).values_list("name", flat=True)
        return NodeChoice(self.on.cluster, list(names), label=label, help_text=help_text)

    def one_place(self, chosen: dict[str, Any], node: str) -> None:
        if chosen.get(node) and chosen.get("iallocator"):
            self.add_error("iallocator", "Choose a node or name an allocator, not both.")


class MigrateAwayForm(EmptyingForm):
    command_class = MigrateAway
    verb = "migrate"
    rule = staticmethod(plan.migrated)

    mode = forms.ChoiceField(
        label="How",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", "As their hypervisor is set to"),
            ("live", "Live: they keep running"),
            ("non-live", "Frozen meanwhile"),
        ],
        initial="",
    )
    ignore_ipolicy = forms.BooleanField(label="Even against the policy of the group", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self._templates & MIRRORED_OUTSIDE and "drbd" not in self._templates:
            self.fields["target_node"] = self.other_nodes("To the node")
            if self.on.cluster.allocator:
                self.fields["iallocator"] = AllocatorField(self.on)
            self.order_fields(["target_node", "iallocator", "mode"])

    @cached_property
    def _templates(self) -> set[str]:
        return {line.vm.disk_template for line in self.plan.lines}

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        self.one_place(chosen, "target_node")
        return chosen

    def points(self) -> list[State]:
        found = super().points()
        if "drbd" in self._templates and self._templates & MIRRORED_OUTSIDE:
            told = "Mirrored machines go to their second node, so none can be chosen for the others."
            found.append(State("quiet", "info-circle", told))
        if self.plan.stuck:
            told = "Ganeti tries those that cannot move as well: their jobs fail, nothing happens to them."
            found.append(State("warn", "alert-triangle", told))
        return found


class EvacuatePrimariesForm(EmptyingForm):
    command_class = EvacuatePrimaries
    rule = staticmethod(plan.evacuated)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["iallocator"] = AllocatorField(self.on)

    def clean(self) -> dict[str, Any]:
        if self.plan.stuck:
            self.add_error(None, f"{self.plan.summary}: Ganeti would move none.")
        return super().clean() or {}

    def points(self) -> list[State]:
        found = super().points()
        if self.plan.stuck:
            told = (
                "Some cannot move, and then Ganeti evacuates none. "
                f"“{MigrateAway.label}” takes those that run and can."
            )
            found.append(State("bad", "circle-x", told))
        mirror = "A mirrored machine and its mirror change places: evacuate the secondaries afterwards."
        found.append(State("quiet", "info-circle", mirror))
        if self.on.role == Node.Role.OFFLINE:
            told = "The node is offline: what ran there cannot be migrated. Fail its machines over instead."
            found.append(State("warn", "alert-triangle", told))
        return found


class EvacuateSecondariesForm(EmptyingForm):
    command_class = EvacuateSecondaries

    early_release = forms.BooleanField(
        label="Let go of the old disks early",
        required=False,
        help_text="Quicker for many machines. Until its copy is whole, a machine has no mirror.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["remote_node"] = self.other_nodes("To the node")
        if self.on.cluster.allocator:
            self.fields["iallocator"] = AllocatorField(self.on)
        self.order_fields(["remote_node", "iallocator", "early_release"])

    @cached_property
    def plan(self) -> plan.Plan:
        return plan.plan(plan.secondaries(self.on, self.user), plan.mirrored_elsewhere)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        self.one_place(chosen, "remote_node")
        there = [line.vm.name for line in self.plan.lines if self._stands_on(line.vm, chosen)]
        if there:
            told = f"It is the primary node of {there[0]} already, so it cannot be its second node too."
            self.add_error("remote_node", told)
        return chosen

    def _stands_on(self, vm: Any, chosen: dict[str, Any]) -> bool:
        return vm.primary_node is not None and vm.primary_node.name == chosen.get("remote_node")
