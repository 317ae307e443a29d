"""Jobs that start other jobs: emptying nodes, creating many machines at once."""

from __future__ import annotations

from typing import Any

from ..errors import failed, prereq
from ..jobs.operation import Operation, Steps, opcode
from ..model.capacity import Need, NoRoom, allocate
from ..model.instance import Instance
from ..model.status import seen_running
from ..opcodes import build
from .moving import EXTERNALLY_MIRRORED
from .nodes import NodeOperation
from .sizes import mebibytes


def start_child(work: Operation, op_id: str, params: dict[str, Any], *, index: int) -> list[Any]:
    """Submits a job that carries its parent's reason trail; returns an entry of the parent's `jobs`."""
    name = work.op.op_id[3:].lower()
    trail = [list(entry) for entry in work.input["reason"]]
    trail.append([f"gnt:opcode:{name}", f"job={work.job.id};index={index}", int(work.cluster.now() * 1e9)])
    child = build(op_id, params, release=work.config.release, reason=trail)
    return [True, work.cluster.queue.submit([child])]


@opcode("OP_NODE_EVACUATE")
class Evacuate(NodeOperation):
    def check(self) -> None:
        if self.input["mode"] == "all":
            raise prereq(
                "Due to an issue with the iallocator interface it is not possible to evacuate all "
                "instances at once; specify explicitly whether to evacuate primary or secondary instances",
                "wrong_input",
            )
        if self.get("remote_node") and self.get("iallocator"):
            raise prereq("Do not specify both, iallocator and node", "wrong_input")

    def execute(self) -> Steps:
        yield 1.0
        node = self.target.name
        primary = self.input["mode"] == "primary-only"
        concerned = [
            instance
            for instance in self.config.instances.values()
            if (instance.pnode == node if primary else instance.snode == node)
        ]
        if not concerned:
            self.info(f"No instances to evacuate from node '{node}'")
            return {"jobs": []}
        names = ", ".join(instance.name for instance in concerned)
        self.info(f"Evacuating instances from node '{node}': {names}")
        stuck = [i for i in concerned if i.template not in ("drbd", *EXTERNALLY_MIRRORED)]
        if stuck:
            reasons = ", ".join(
                f"{i.name} (Instances of type {i.template} cannot be relocated)" for i in stuck
            )
            self.warn(f"Unable to evacuate instances {reasons}")
            raise failed(f"Unable to evacuate instances {reasons}")
        return {"jobs": [self._move(instance, primary, index) for index, instance in enumerate(concerned)]}

    def _move(self, instance: Instance, primary: bool, index: int) -> list[Any]:
        params: dict[str, Any] = {"instance_name": instance.name}
        if not primary:
            params |= {"mode": "replace_new_secondary", "disks": []}
            params |= self._where("remote_node")
            return start_child(self, "OP_INSTANCE_REPLACE_DISKS", params, index=index)
        if instance.template != "drbd":
            params |= self._where("target_node")
        running = seen_running(self.config, instance)
        op_id = "OP_INSTANCE_MIGRATE" if running else "OP_INSTANCE_FAILOVER"
        return start_child(self, op_id, params, index=index)

    def _where(self, key: str) -> dict[str, Any]:
        if self.get("remote_node"):
            return {key: self.input["remote_node"]}
        return {"iallocator": self.get("iallocator") or self.config.params["default_iallocator"]}


@opcode("OP_NODE_MIGRATE")
class MigrateNode(NodeOperation):
    def execute(self) -> Steps:
        yield 0.5
        params = {
            "mode": self.get("mode"),
            "target_node": self.get("target_node"),
            "iallocator": self.get("iallocator"),
            "allow_runtime_changes": self.input["allow_runtime_changes"],
            "ignore_ipolicy": self.input["ignore_ipolicy"],
        }
        return {
            "jobs": [
                start_child(
                    self, "OP_INSTANCE_MIGRATE", {**params, "instance_name": instance.name}, index=index
                )
                for index, instance in enumerate(self.config.on_node(self.target.name))
            ]
        }


@opcode("OP_INSTANCE_MULTI_ALLOC")
class MultiAlloc(Operation):
    def prepare(self) -> None:
        for given in self.input["instances"]:
            if given.get("hypervisor") is None:
                raise prereq(
                    "Request parameter 'hypervisor' has invalid type <class 'NoneType'>/value None",
                    "wrong_input",
                )
        if not self.get("iallocator") and not self.config.params["default_iallocator"]:
            raise prereq(
                "No iallocator or nodes on the instances given and no cluster-wide default", "wrong_input"
            )

    def execute(self) -> Steps:
        yield 1.0
        fitting, failures = [], []
        for given in self.input["instances"]:
            try:
                nodes = allocate(self.config, self._need(given))
            except NoRoom as error:
                failures.append((given["instance_name"], str(error)))
            else:
                fitting.append((given, nodes))
        if failures and not fitting:
            raise prereq(
                f"Can't compute nodes using iallocator 'hail': Request failed: {failures[0][1]}",
                "insufficient_resources",
            )
        jobs = [
            start_child(self, "OP_INSTANCE_CREATE", self._placed(given, nodes), index=index)
            for index, (given, nodes) in enumerate(fitting)
        ]
        return {
            "allocatable": [given["instance_name"] for given, _ in fitting],
            "failed": [name for name, _ in failures],
            "jobs": jobs,
        }

    def _need(self, given: dict[str, Any]) -> Need:
        be = {**self.config.params["beparams"]["default"], **given["beparams"]}
        return Need(
            memory=mebibytes(be.get("memory", be["maxmem"])),
            disk=sum(mebibytes(disk["size"]) for disk in given["disks"]),
            vcpus=int(be["vcpus"]),
            nodes=2 if given.get("disk_template") == "drbd" else 1,
        )

    def _placed(self, given: dict[str, Any], nodes: list[str]) -> dict[str, Any]:
        params = {key: value for key, value in given.items() if value is not None}
        params["pnode"] = nodes[0]
        if len(nodes) > 1:
            params["snode"] = nodes[1]
        return params
