"""What can be done to a node group, in Ganeti's words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.clusters.models import Cluster, NodeGroup
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.lines import given
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.tagging import Tagged, Tagging, TagsCommand, Untagging


class GroupCommand(Command[NodeGroup]):
    """Something that can be done to a node group."""

    permission = "operate"

    def ended(self, job: Job) -> None:
        schedule.hurry(job.cluster_id, "cluster", "nodes")


@dataclass(frozen=True, kw_only=True)
class CreateGroup(Command[Cluster]):
    """A new group on the cluster, without nodes."""

    name = "create-group"
    label = "Create group"
    busy = "Being created"
    icon = "plus"
    permission = "operate"

    group_name: str
    alloc_policy: rapi.AllocPolicy = "preferred"

    def names(self, on: Cluster) -> str:
        return self.group_name

    def ended(self, job: Job) -> None:
        schedule.hurry(job.cluster_id, "cluster")

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.groups.create(target, {"alloc_policy": self.alloc_policy}, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-group add --alloc-policy={self.alloc_policy} {shlex.quote(target)}"


@dataclass(frozen=True, kw_only=True)
class RenameGroup(GroupCommand):
    name = "rename-group"
    label = "Rename"
    busy = "Renaming"
    icon = "cursor-text"

    new_name: str

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.groups.rename(target, new_name=self.new_name, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-group rename {shlex.quote(target)} {shlex.quote(self.new_name)}"


@dataclass(frozen=True, kw_only=True)
class ChangeGroup(GroupCommand):
    """What is to be different; what is not named stays, and "default" takes an own value away."""

    name = "modify-group"
    label = "Change settings"
    linked = "of"
    busy = "Changing"
    icon = "adjustments"

    alloc_policy: rapi.AllocPolicy | None = None
    ndparams: Mapping[str, Any] = field(default_factory=dict)
    diskparams: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ipolicy: Mapping[str, Any] = field(default_factory=dict)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        changes: rapi.GroupParameters = {}
        if self.alloc_policy:
            changes["alloc_policy"] = self.alloc_policy
        if self.ndparams:
            changes["ndparams"] = self.ndparams
        if self.diskparams:
            changes["diskparams"] = self.diskparams
        if self.ipolicy:
            changes["ipolicy"] = self.ipolicy
        return client.groups.modify(target, changes, reason=reason)

    def line(self, target: str) -> str:
        options = [f"--alloc-policy={self.alloc_policy}"] if self.alloc_policy else []
        if self.ndparams:
            options.append(f"--node-parameters={shlex.quote(given(self.ndparams))}")
        for template, params in self.diskparams.items():
            options.append(f"-D {shlex.quote(f'{template}:{given(params)}')}")
        return " ".join(["gnt-group modify", *options, *self._policy(), shlex.quote(target)])

    def _policy(self) -> list[str]:
        options = []
        for name, value in self.ipolicy.items():
            if name == "minmax":
                told = value if isinstance(value, str) else "//".join(map(_bounds, value))
                options.append(f"--ipolicy-bounds-specs={shlex.quote(told)}")
            else:
                told = value if isinstance(value, str) else json.dumps(value).strip("[]").replace('"', "")
                options.append(f"--ipolicy-{name}={told.replace(', ', ',')}")
        return options


@dataclass(frozen=True, kw_only=True)
class ChangePolicy(ChangeGroup):
    """How much a machine may have in the group."""

    name = "modify-group-policy"
    label = "Change policy"
    linked = "of"
    icon = "gauge"


@dataclass(frozen=True, kw_only=True)
class AssignNodes(GroupCommand):
    """Takes nodes into the group from others; `force` although machines are split that way."""

    name = "assign-nodes"
    label = "Assign nodes"
    linked = "to"
    busy = "Changing"
    icon = "cpu"
    looks_first = True

    nodes: Sequence[str]
    force: bool = False

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.groups.assign_nodes(target, nodes=self.nodes, force=self.force, reason=reason)

    def line(self, target: str) -> str:
        force = " --force" if self.force else ""
        return f"gnt-group assign-nodes{force} {shlex.quote(target)} {' '.join(self.nodes)}"


@dataclass(frozen=True, kw_only=True)
class RemoveGroup(GroupCommand):
    """Takes an empty group away."""

    name = "remove-group"
    label = "Delete"
    busy = "Deleting"
    icon = "trash"
    looks_first = True

    @classmethod
    def unfit(cls, group: NodeGroup) -> str:
        nodes = sum(node.missing_since is None for node in group.nodes.all())
        return f"It still has {nodes} node{'s' if nodes > 1 else ''}." if nodes else ""

    def against(self, group: NodeGroup) -> str:
        others = group.cluster.nodegroups.filter(missing_since=None).exclude(pk=group.pk)
        return "" if others.exists() else "It is the only group of its cluster, which needs one."

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.groups.delete(target, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-group remove {shlex.quote(target)}"


class OfGroups(TagsCommand[NodeGroup], GroupCommand):
    tool = "gnt-group"
    linked = "of"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        return client.groups


@dataclass(frozen=True, kw_only=True)
class UntagGroup(OfGroups, Untagging[NodeGroup]):
    name = "untag-group"


@dataclass(frozen=True, kw_only=True)
class TagGroup(OfGroups, Tagging[NodeGroup]):
    name = "tag-group"
    untagging = UntagGroup


def _bounds(pair: Mapping[str, Mapping[str, Any]]) -> str:
    return "/".join(f"{bound}:{given(spec)}" for bound, spec in pair.items())
