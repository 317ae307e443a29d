"""Node roles and flags, storage, power."""

from __future__ import annotations

from typing import Any

from ..errors import OperationFailed, prereq
from ..jobs.locks import EXCLUSIVE, SHARED, Wanted
from ..jobs.operation import Operation, Steps, opcode
from ..model.capacity import free_disk
from ..model.node import Node
from .parameters import override

_FLAGS = ("master_candidate", "drained", "offline")


class NodeOperation(Operation):
    def prepare(self) -> None:
        self.target = self.node(self.input["node_name"])
        if self.input.get("node_uuid") not in (None, self.target.uuid):
            raise prereq(f"Node UUID and name '{self.target.name}' do not match", "resource_not_unique")
        self.input["node_name"], self.input["node_uuid"] = self.target.name, self.target.uuid

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED, f"node/{self.target.uuid}": EXCLUSIVE}


@opcode("OP_NODE_SET_PARAMS")
class SetNodeParams(NodeOperation):
    def check(self) -> None:
        others = (
            "master_capable",
            "vm_capable",
            "secondary_ip",
            "ndparams",
            "powered",
            "hv_state",
            "disk_state",
        )
        if all(self.get(key) is None for key in (*_FLAGS, *others)):
            raise prereq("Please pass at least one modification", "wrong_input")
        if [self.get(flag) for flag in _FLAGS].count(True) > 1:
            raise prereq("Can't set the node into more than one state at the same time", "wrong_input")
        if self.get("powered") is not None:
            raise prereq(
                f"Unable to change powered state for node {self.target.name} as it does not support "
                "out-of-band handling",
                "wrong_state",
            )
        self._check_roles()

    def _check_roles(self) -> None:
        node = self.target
        if node.master and any(self.get(flag) is not None for flag in _FLAGS):
            raise prereq("The master role can be changed only via master-failover", "wrong_input")
        if self.get("master_candidate") and not node.master_capable:
            raise prereq(
                f"Node {node.name} is not master capable, cannot make it a master candidate", "wrong_state"
            )
        if self.get("vm_capable") is False and any(
            node.name in instance.nodes for instance in self.config.instances.values()
        ):
            raise prereq(f"Node {node.name} hosts instances, cannot unset the vm_capable flag", "wrong_state")
        demoted = self.get("master_candidate") is False or self.get("offline") or self.get("drained")
        if node.master_candidate and demoted and not self.get("auto_promote") and self._pool_short():
            raise prereq(
                "Not enough master candidates, please pass auto promote option to allow promotion "
                "(--auto-promote or RAPI auto_promote=True)",
                "wrong_state",
            )

    def _pool_short(self) -> bool:
        """Whether another node would have to step in, and could."""
        usable = [
            n for n in self.config.nodes.values() if not n.offline and not n.drained and n.master_capable
        ]
        candidates = [n for n in usable if n.master_candidate and n is not self.target]
        size = min(self.config.params["candidate_pool_size"], len(usable) - 1)
        return len(candidates) < size and any(not n.master_candidate for n in usable)

    def execute(self) -> Steps:
        yield 0.5
        changes: list[list[Any]] = []
        before = {flag: getattr(self.target, flag) for flag in _FLAGS}
        self._apply_role()
        for key in ("master_capable", "vm_capable"):
            if self.get(key) is not None:
                setattr(self.target, key, self.input[key])
                changes.append([key, str(self.input[key])])
        if self.get("ndparams"):
            self.target.ndparams = override(self.target.ndparams, self.input["ndparams"])
            changes += [[key, str(value)] for key, value in self.input["ndparams"].items()]
        if self.get("secondary_ip"):
            self.target.sip = self.input["secondary_ip"]
            changes.append(["secondary_ip", self.target.sip])
        for flag in _FLAGS:
            if before[flag] != getattr(self.target, flag):
                changes.append([flag, str(getattr(self.target, flag))])
        self.target.touch(self.cluster.now())
        return changes

    def _apply_role(self) -> None:
        node = self.target
        if self.get("offline"):
            node.offline, node.drained, node.master_candidate = True, False, False
        elif self.get("drained"):
            node.drained, node.offline, node.master_candidate = True, False, False
        elif self.get("master_candidate"):
            node.master_candidate, node.offline, node.drained = True, False, False
        elif any(self.get(flag) is False for flag in _FLAGS):
            self._release(node)

    def _release(self, node: Node) -> None:
        if node.offline and self.get("offline") is False:
            self.warn(
                "Transitioning node from offline to online state without using re-add. "
                "Please make sure the node is healthy!"
            )
            node.offline = False
        if self.get("drained") is False:
            node.drained = False
        if self.get("master_candidate") is False:
            node.master_candidate = False
        if self._room_in_pool() and not node.offline and not node.drained and not node.master_candidate:
            self.info("Auto-promoting node to master candidate")
            node.master_candidate = True

    def _room_in_pool(self) -> bool:
        candidates = [node for node in self.config.nodes.values() if node.master_candidate]
        return self.target.master_capable and len(candidates) < self.config.params["candidate_pool_size"]


@opcode("OP_NODE_POWERCYCLE")
class Powercycle(NodeOperation):
    def check(self) -> None:
        if self.target.master and not self.get("force"):
            raise prereq("The node is the master and the force parameter was not set", "wrong_input")

    def execute(self) -> Steps:
        yield 0.2
        for instance in self.config.instances.values():
            if instance.running is not None and instance.running.node == self.target.name:
                instance.crash()
        self.target.bootid = self.config.new_uuid()
        return "Reboot scheduled in 5 seconds"


@opcode("OP_NODE_QUERY_STORAGE")
class QueryStorage(Operation):
    def prepare(self) -> None:
        self.nodes = [self.node(name) for name in self.input["nodes"]]

    def execute(self) -> Steps:
        yield 0.3
        kind = self.get("storage_type") or "lvm-vg"
        if kind in ("gluster", "ext", "rados", "diskless", "blockdev"):
            raise OperationFailed("StorageError", f"Unknown storage type: {kind}")
        return [
            [self._value(node, kind, field) for field in self.input["output_fields"]] for node in self.nodes
        ]

    def _value(self, node: Node, kind: str, field: str) -> Any:
        free = free_disk(self.config, node)
        paths = {"lvm-vg": "xenvg", "lvm-pv": "/dev/sda3", "file": "/srv/ganeti/file-storage"}
        values = {
            "node": node.name,
            "type": kind,
            "name": paths.get(kind, "/srv/ganeti/shared-file-storage"),
            "size": node.disk,
            "free": free,
            "used": node.disk - free,
            "allocatable": True,
        }
        return values.get(field)


@opcode("OP_NODE_MODIFY_STORAGE")
class ModifyStorage(NodeOperation):
    def check(self) -> None:
        if self.input["storage_type"] != "lvm-pv":
            raise prereq(
                f"Storage units of type '{self.input['storage_type']}' can not be modified", "wrong_input"
            )

    def execute(self) -> Steps:
        yield 0.3


@opcode("OP_REPAIR_NODE_STORAGE")
class RepairStorage(NodeOperation):
    def check(self) -> None:
        if self.input["storage_type"] != "lvm-vg":
            raise prereq(
                f"Storage units of type '{self.input['storage_type']}' can not be repaired", "wrong_input"
            )

    def execute(self) -> Steps:
        self.say(f"Repairing storage unit '{self.input['name']}' on {self.target.name} ...")
        yield 1.0
