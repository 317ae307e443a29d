"""What a person chooses before something is done to a node group."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms

from ganeti_webmgr.clusters.models import Cluster, NodeGroup
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.forms import CommandForm, TypedName, by_verb
from ganeti_webmgr.jobs.tagging import TaggingForm
from ganeti_webmgr.nodes.groups.commands import (
    AssignNodes,
    CreateGroup,
    RemoveGroup,
    RenameGroup,
    TagGroup,
)
from ganeti_webmgr.nodes.groups.parameter_forms import ChangeGroupForm
from ganeti_webmgr.nodes.groups.policy_form import ChangePolicyForm
from ganeti_webmgr.nodes.groups.splitting import others, split_by
from ganeti_webmgr.nodes.groups.words import ALLOCATION
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import words

NAME = re.compile(r"[\w.+@-]{1,100}", re.ASCII)
NAMED = 10  # machines that a message names


class GroupForm(CommandForm):
    """The parameters of one command, for one group."""

    command_class: ClassVar[type[Command[NodeGroup]]]
    on: NodeGroup


def free_name(typed: str, cluster: Cluster) -> str:
    """The name, where a group can have it; else a ValidationError for the person."""
    name = typed.strip()
    if not NAME.fullmatch(name) or set(name) <= {"."}:
        raise forms.ValidationError("Names have letters, digits and . + @ - _")
    if cluster.nodegroups.filter(name=name, missing_since=None).exists():
        raise forms.ValidationError(f"There is a group {name} on {cluster} already.")
    return name


class CreateGroupForm(CommandForm):
    command_class = CreateGroup
    leaves = True
    on: Cluster

    group_name = forms.CharField(label="Name", max_length=100)
    alloc_policy = forms.ChoiceField(
        label="New machines", choices=list(ALLOCATION.items()), widget=forms.RadioSelect, initial="preferred"
    )

    def clean_group_name(self) -> str:
        return free_name(self.cleaned_data["group_name"], self.on)

    def points(self) -> list[State]:
        return [State("quiet", "info-circle", "It begins without nodes. Assign some on its page.")]


class RenameGroupForm(GroupForm):
    command_class = RenameGroup
    verb = "rename"
    leaves = True  # its page has another address afterwards

    new_name = forms.CharField(label="New name", max_length=100)

    def clean_new_name(self) -> str:
        return free_name(self.cleaned_data["new_name"], self.on.cluster)


class AssignNodesForm(GroupForm):
    command_class = AssignNodes
    verb = "assign"

    nodes = forms.MultipleChoiceField(
        label="Nodes to take into the group",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one node."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._others = {node.name: node for node in others(self.on)}
        self.fields["nodes"].choices = [  # type: ignore[attr-defined]
            (name, _told(node)) for name, node in self._others.items()
        ]

    def line(self) -> str:
        return ""

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        split = split_by(self.on, [self._others[name] for name in chosen.get("nodes") or ()])
        if split:
            self.fields["force"] = forms.BooleanField(label="Split them all the same", required=False)
            chosen["force"] = "force" in self.data
            if not chosen["force"]:
                self.add_error("force", _would_split(split))
        return chosen

    def points(self) -> list[State]:
        if not self._others:
            return [State("warn", "alert-triangle", "Every node of the cluster is in this group already.")]
        told = "A mirrored machine needs both its nodes in one group. Those that would be split are named."
        return [State("quiet", "info-circle", told)]


class RemoveGroupForm(GroupForm):
    command_class = RemoveGroup
    verb = "remove"
    is_danger = True
    leaves = True
    note = "Its parameters and its policy are gone, and networks are no longer connected to it."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["typed"] = TypedName(self.on.name)


class GroupTagsForm(TaggingForm, GroupForm):
    command_class = TagGroup


def _told(node: Node) -> str:
    """ "node7 · rack-b, drained · 3 primary, 12 secondary" """
    where = ", ".join(filter(None, [str(node.group or ""), node.get_role_display()]))
    first, second = node.details.get("pinst_cnt") or 0, node.details.get("sinst_cnt") or 0
    return f"{node} · {where} · {first} primary, {second} secondary"


def _would_split(names: list[str]) -> str:
    shown = [*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED else names
    machines = "1 machine" if len(names) == 1 else f"{len(names)} machines"
    return f"{machines} would have one node in another group and could no longer fail over: {words(shown)}."


FORMS: dict[str, type[CommandForm]] = by_verb(
    ChangeGroupForm, ChangePolicyForm, AssignNodesForm, RenameGroupForm, GroupTagsForm, RemoveGroupForm
)
