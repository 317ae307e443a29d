"""Moving machines between nodes."""

from __future__ import annotations

from ..errors import prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.capacity import Need, NoRoom, allocate, free_memory
from ..model.instance import Running
from ..model.status import seen_running

EXTERNALLY_MIRRORED = ("diskless", "sharedfile", "gluster", "rbd", "ext", "blockdev")


class Move(InstanceOperation):
    """The choice of where to go, alike for migration and failover."""

    verb, done = "migrate", "migrated"

    def choose_target(self) -> None:
        target, node, allocator = self.target, self.get("target_node"), self.get("iallocator")
        if target.template == "drbd":
            if allocator or (node and self.node(node).name != target.snode):
                raise prereq(
                    f"Instances with disk types drbd cannot be {self.done} to arbitrary nodes "
                    "(neither an iallocator nor a target node can be passed)",
                    "wrong_input",
                )
            self.destination = target.snode or target.pnode
        elif target.template in EXTERNALLY_MIRRORED:
            self.destination = self._elsewhere(node, allocator)
        else:
            raise prereq(
                f"Instance's disk layout '{target.template}' does not allow {self.verb}", "wrong_state"
            )
        if self.destination == target.pnode:
            raise prereq(
                f"Cannot migrate instance {target.name} to its primary ({target.pnode})", "wrong_state"
            )
        destination = self.config.nodes[self.destination]
        if destination.offline or destination.drained:
            word = "offline" if destination.offline else "drained"
            raise prereq(f"Can't use {word} node {destination.name}", "wrong_state")

    def _elsewhere(self, node: str | None, allocator: str | None) -> str:
        if node:
            return self.node(node).name
        allocator = allocator or self.config.params["default_iallocator"]
        if not allocator:
            raise prereq(
                "No iallocator or node given and no cluster-wide default iallocator found", "wrong_input"
            )
        filled = self.config.beparams(self.target)
        need = Need(memory=filled["maxmem"], disk=self.target.space(), vcpus=filled["vcpus"])
        group = self.config.group_of(self.target.pnode).name
        try:
            chosen = allocate(self.config, need, group=group, avoid=frozenset({self.target.pnode}))[0]
        except NoRoom as error:
            raise prereq(
                f"Can't compute nodes using iallocator '{allocator}': Request failed: {error}",
                "insufficient_resources",
            ) from None
        self.info(f"Selected nodes for instance {self.target.name} via iallocator {allocator}: {chosen}")
        return chosen

    def require_memory(self) -> None:
        needed = self.config.beparams(self.target)["minmem"]
        free = free_memory(self.config, self.config.nodes[self.destination])
        if free < needed:
            raise prereq(
                f"Not enough memory on node {self.destination} for {self.verb}ing instance "
                f"{self.target.name}: needed {needed} MiB, available {free} MiB",
                "insufficient_resources",
            )

    def land(self) -> None:
        """Makes the other node the primary one, and for DRBD the old primary the secondary."""
        if self.target.template == "drbd":
            self.target.snode = self.target.pnode
        self.target.pnode = self.destination
        self.changed()


@opcode("OP_INSTANCE_MIGRATE")
class Migrate(Move):
    def check(self) -> None:
        self.require_node()
        self.choose_target()
        if not self.get("cleanup") and not seen_running(self.config, self.target):
            raise prereq(
                f"Can't migrate, please use failover: Instance {self.target.name} is not running",
                "wrong_state",
            )
        if self.target.running is not None:
            self.require_memory()

    def execute(self) -> Steps:
        here, there, target = self.target.pnode, self.destination, self.target
        self.say(f"Migrating instance {target.name}")
        if self.get("cleanup"):
            self.say(
                "* checking where the instance actually runs (if this hangs, the hypervisor might be in a "
                "bad state)"
            )
            yield 1.0
            self.say("* instance confirmed to be running on its primary node " + here)
            return
        self.say("* checking disk consistency between source and target")
        self.say(f"* closing instance disks on node {there}")
        self.say(f"* opening instance disks on node {here} in shared mode")
        self.say(f"* opening instance disks on node {there} in shared mode")
        yield 0.5
        self.say(f"* preparing {there} to accept the instance")
        yield 0.5
        self.say(f"* migrating instance to {there}")
        self.say("* starting memory transfer")
        for percent in (24, 51, 79):
            yield 1.0
            self.say(f"* memory transfer progress: {percent}.00 %")
        yield 0.5
        self.say("* memory transfer complete")
        if target.running is not None:
            target.running.node = there
        self.land()
        self.say(f"* closing instance disks on node {here}")
        self.say(f"* opening instance disks on node {there} in exclusive mode")
        self.say("* done")


@opcode("OP_INSTANCE_FAILOVER")
class Failover(Move):
    verb, done = "failover", "failed over"

    def check(self) -> None:
        self.choose_target()
        if self.target.admin_state == "up":
            self.require_memory()
        else:
            self.info("Not checking memory on the secondary node as instance will not be started")

    def execute(self) -> Steps:
        target, there = self.target, self.destination
        self.say(f"Failover instance {target.name}")
        if target.running is not None:
            self.say("* checking disk consistency between source and target")
        else:
            self.say("* not checking disk consistency as instance is not running")
        self.say("* shutting down instance on source node")
        was_running = target.running
        yield min(3.0, self.input["shutdown_timeout"]) if was_running else 0.2
        target.running = None
        self.say("* deactivating the instance's disks on source node")
        self.land()
        if target.admin_state != "up":
            return
        self.say(f"* activating the instance's disks on target node {there}")
        self.say(f"* starting the instance on the target node {there}")
        yield 2.0
        filled = self.config.beparams(target)
        target.running = Running(
            node=there, ram=filled["maxmem"], vcpus=filled["vcpus"], hvparams=self.config.hvparams(target)
        )
