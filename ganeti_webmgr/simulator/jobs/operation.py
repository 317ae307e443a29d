"""The form of everything a job can do."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import prereq
from ..model.instance import Instance
from ..model.node import Group, Node
from .locks import EXCLUSIVE, SHARED, Wanted

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster
    from ..model.network import Network
    from .job import Job, Op

Steps = Generator[float, None, Any]
"""Yields the seconds its next piece of work takes; returns the opcode's result."""


class Operation:
    """One opcode at work: the locks it needs, what it checks first, what it does."""

    dry_run_result: Any = None

    def __init__(self, cluster: SimulatedCluster, job: Job, op: Op) -> None:
        self.cluster, self.config = cluster, cluster.config
        self.job, self.op = job, op
        self.input = op.input
        self.prepare()

    def prepare(self) -> None:
        """Fills in what is derived from the input; unknown names fail here, before any lock."""

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED}

    def check(self) -> None:
        """Raises OperationFailed when it cannot be done; nothing has changed until then."""

    def execute(self) -> Steps:
        raise NotImplementedError

    def say(self, text: str) -> None:
        self.job.write(self.op, text, self.cluster.now())

    def info(self, text: str) -> None:
        self.say(f" - INFO: {text}")

    def warn(self, text: str) -> None:
        self.say(f" - WARNING: {text}")

    def get(self, key: str, default: Any = None) -> Any:
        value = self.input.get(key)
        return default if value is None else value

    def instance(self, name: str) -> Instance:
        instance = self.config.instances.find(name)
        if instance is None:
            raise prereq(f"Instance '{name}' not known", "unknown_entity")
        return instance

    def node(self, name: str) -> Node:
        node = self.config.nodes.find(name)
        if node is None:
            raise prereq(f"Node '{name}' not known", "unknown_entity")
        return node

    def group(self, name: str) -> Group:
        groups = self.config.groups
        group = groups.get(name) or next((item for item in groups.values() if item.uuid == name), None)
        if group is None:
            raise prereq(f"Node group '{name}' not found", "unknown_entity")
        return group

    def network(self, name: str) -> Network:
        networks = self.config.networks
        network = networks.get(name) or next((item for item in networks.values() if item.uuid == name), None)
        if network is None:
            raise prereq(f"Network '{name}' not found", "unknown_entity")
        return network


class InstanceOperation(Operation):
    """An opcode about one instance, which it locks for itself."""

    target: Instance

    def prepare(self) -> None:
        self.target = self.instance(self.input["instance_name"])
        expected = self.input.get("instance_uuid")
        if expected not in (None, self.target.uuid):
            raise prereq(
                f"Instances UUID '{expected}' and name '{self.target.name}' do not match: "
                f"expected '{self.target.uuid}'",
                "resource_not_unique",
            )
        self.input["instance_name"] = self.target.name
        self.input["instance_uuid"] = self.target.uuid

    def locks(self) -> Wanted:
        nodes = {f"node/{self.config.nodes[name].uuid}": SHARED for name in self.target.nodes}
        return {"cluster/BGL": SHARED, f"instance/{self.target.name}": EXCLUSIVE, **nodes}

    def changed(self) -> None:
        self.target.touch(self.cluster.now())

    def refuse_offline(self) -> None:
        if self.target.admin_state == "offline":
            raise prereq(
                f"Instance '{self.target.name}' is marked to be offline, "
                "can't use instance from outside down, up states",
                "wrong_state",
            )

    def require_node(self) -> None:
        node = self.config.nodes[self.target.pnode]
        if node.offline:
            raise prereq(f"Can't use offline node: {node.name}", "wrong_state")
        if not node.reachable:
            raise prereq(
                f"Can't contact node {node.name} for bridge verification: Error 7: Failed connect to "
                f"{node.name}:1811; Connection refused",
                "environment_error",
            )


OPERATIONS: dict[str, type[Operation]] = {}
OperationClass = TypeVar("OperationClass", bound=type[Operation])


def opcode(op_id: str) -> Callable[[OperationClass], OperationClass]:
    """Registers the class that carries out that opcode."""

    def register(operation: OperationClass) -> OperationClass:
        OPERATIONS[op_id] = operation
        return operation

    return register
