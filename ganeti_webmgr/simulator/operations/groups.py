"""Node groups."""

from __future__ import annotations

from typing import Any

from ..errors import prereq
from ..jobs.locks import EXCLUSIVE, SHARED, Wanted
from ..jobs.operation import Operation, Steps, opcode
from ..model.node import Group
from .parameters import override


class GroupOperation(Operation):
    def prepare(self) -> None:
        self.target = self.group(self.input["group_name"])

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED, f"nodegroup/{self.target.uuid}": EXCLUSIVE}

    def refuse_taken(self, name: str) -> None:
        taken = self.config.groups.get(name)
        if taken is not None:
            raise prereq(
                f"Desired group name '{name}' already exists as a node group (UUID: {taken.uuid})",
                "already_exists",
            )


def apply_policies(group: Group, given: dict[str, Any]) -> None:
    """Takes over the overrides that were sent; the value "default" removes one."""
    for key in ("ndparams", "ipolicy"):
        if given.get(key):
            setattr(group, key, override(getattr(group, key), given[key]))
    for template, changes in (given.get("diskparams") or {}).items():
        group.diskparams[template] = override(group.diskparams.get(template, {}), changes)
    if given.get("alloc_policy"):
        group.alloc_policy = given["alloc_policy"]


@opcode("OP_GROUP_ADD")
class AddGroup(GroupOperation):
    def prepare(self) -> None:
        self.refuse_taken(self.input["group_name"])

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED}

    def execute(self) -> Steps:
        yield 0.5
        now = self.cluster.now()
        group = Group(name=self.input["group_name"], uuid=self.config.new_uuid(), ctime=now, mtime=now)
        apply_policies(group, self.input)
        self.config.groups.add(group)


@opcode("OP_GROUP_REMOVE")
class RemoveGroup(GroupOperation):
    def check(self) -> None:
        nodes = [node.uuid for node in self.config.group_nodes(self.target)]
        if nodes:
            raise prereq(
                f"Group '{self.target.name}' not empty, has the following nodes: {', '.join(sorted(nodes))}",
                "wrong_state",
            )
        if len(self.config.groups) == 1:
            raise prereq(f"Group '{self.target.name}' is the only group, cannot be removed", "wrong_state")

    def execute(self) -> Steps:
        yield 0.5
        del self.config.groups[self.target.name]
        for network in self.config.networks.values():
            network.groups.pop(self.target.uuid, None)


@opcode("OP_GROUP_RENAME")
class RenameGroup(GroupOperation):
    def check(self) -> None:
        taken = self.config.groups.get(self.input["new_name"])
        if taken is not None:
            raise prereq(
                f"Desired new name '{taken.name}' clashes with existing node group (UUID: {taken.uuid})",
                "already_exists",
            )

    def execute(self) -> Steps:
        yield 0.3
        self.config.groups.rename(self.target, self.input["new_name"])
        self.target.touch(self.cluster.now())
        return self.target.name


@opcode("OP_GROUP_SET_PARAMS")
class SetGroupParams(GroupOperation):
    def check(self) -> None:
        keys = ("alloc_policy", "ndparams", "diskparams", "ipolicy", "hv_state", "disk_state")
        if all(self.get(key) is None for key in keys):
            raise prereq("Please pass at least one modification", "wrong_input")
        if "std" in self.get("ipolicy", {}):
            raise prereq("Invalid instance policy: Cannot specify std specs for a group", "wrong_input")

    def execute(self) -> Steps:
        yield 0.3
        apply_policies(self.target, self.input)
        self.target.touch(self.cluster.now())
        # Ganeti reports only some of what it changed.
        return [["ndparams", str(self.target.ndparams)]] if self.get("ndparams") else []


@opcode("OP_GROUP_ASSIGN_NODES")
class AssignNodes(GroupOperation):
    def prepare(self) -> None:
        super().prepare()
        self.nodes = [self.node(name) for name in self.input["nodes"]]
        self.input["node_uuids"] = [node.uuid for node in self.nodes]

    def check(self) -> None:
        moving = {node.name for node in self.nodes if node.group != self.target.uuid}
        split = [
            instance.name
            for instance in self.config.instances.values()
            if instance.snode and len(moving & set(instance.nodes)) == 1
        ]
        if split and not self.get("force"):
            raise prereq(
                "The following instances get split by this change and --force was not given: "
                + ", ".join(split),
                "wrong_state",
            )
        if split:
            self.warn(f"This operation will split the following instances: {', '.join(split)}")

    def execute(self) -> Steps:
        yield 0.5
        now = self.cluster.now()
        for node in self.nodes:
            node.group = self.target.uuid
            node.touch(now)
        self.target.touch(now)
