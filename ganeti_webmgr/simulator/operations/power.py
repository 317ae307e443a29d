"""Starting, stopping, rebooting."""

from __future__ import annotations

from ..errors import failed, prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.capacity import free_memory
from ..model.instance import Running
from ..model.status import seen_running

STARTUP_S, SHUTDOWN_S, DESTROY_S, REBOOT_S = 2.5, 4.0, 0.5, 3.0


class PowerOperation(InstanceOperation):
    """What starting and stopping have in common."""

    @property
    def runs(self) -> bool:
        return seen_running(self.config, self.target)

    def require_memory(self) -> None:
        node = self.config.nodes[self.target.pnode]
        wanted, free = self.config.beparams(self.target)["minmem"], free_memory(self.config, node)
        if not self.runs and free < wanted:
            raise prereq(
                f"Not enough memory on node {node.name} for starting instance {self.target.name}: "
                f"needed {wanted} MiB, available {free} MiB",
                "insufficient_resources",
            )

    def power_on(self) -> None:
        config, target = self.config, self.target
        beparams = config.beparams(target)
        ram = min(beparams["maxmem"], free_memory(config, config.nodes[target.pnode]))
        if ram < beparams["minmem"]:
            raise failed(f"Could not start instance: not enough memory on node {target.pnode}")
        target.running = Running(
            node=target.pnode, ram=ram, vcpus=beparams["vcpus"], hvparams=config.hvparams(target)
        )
        target.ended_inside = False

    def power_off(self) -> None:
        self.target.running = None
        self.target.ended_inside = False

    def remember(self, state: str, *, source: str = "admin") -> None:
        """Moves the configured state, and the serial number with it, if it differs."""
        target = self.target
        active = state == "up"
        if (target.admin_state, target.admin_state_source, target.disks_active) != (state, source, active):
            target.admin_state, target.admin_state_source, target.disks_active = state, source, active
            self.changed()


@opcode("OP_INSTANCE_STARTUP")
class Startup(PowerOperation):
    def check(self) -> None:
        self.refuse_offline()
        if not self.get("ignore_offline_nodes") or not self.config.nodes[self.target.pnode].offline:
            self.require_node()
        self.require_memory()

    def execute(self) -> Steps:
        if not self.get("no_remember"):
            self.remember("up")
        if not self.runs:
            yield STARTUP_S
            self.power_on()


@opcode("OP_INSTANCE_SHUTDOWN")
class Shutdown(PowerOperation):
    def check(self) -> None:
        if not self.get("force"):
            self.refuse_offline()
        if self.config.nodes[self.target.pnode].offline and self.get("ignore_offline_nodes"):
            self.warn("Primary node offline, marked instance as stopped")
            return
        self.require_node()

    def execute(self) -> Steps:
        if not self.get("no_remember"):
            self.remember("down", source=self.get("admin_state_source", "admin"))
        if self.target.running is not None:
            yield DESTROY_S if self.input["timeout"] == 0 else min(SHUTDOWN_S, self.input["timeout"])
            self.power_off()


@opcode("OP_INSTANCE_REBOOT")
class Reboot(PowerOperation):
    def check(self) -> None:
        self.refuse_offline()
        self.require_node()

    def execute(self) -> Steps:
        if not self.runs:
            self.info(f"Instance {self.target.name} was already stopped, starting now")
        elif self.input["reboot_type"] != "soft":
            yield min(SHUTDOWN_S, self.input["shutdown_timeout"])
            self.power_off()
        yield REBOOT_S
        if not self.runs:
            self.power_on()
        self.remember("up")
