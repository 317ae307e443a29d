"""The end of machines, their new names, their new systems."""

from __future__ import annotations

from ..errors import failed, prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.status import seen_running
from .create import BROKEN_VARIANT, install_seconds
from .naming import checked_name
from .nics import release
from .operating_systems import require_os


@opcode("OP_INSTANCE_REMOVE")
class Remove(InstanceOperation):
    def execute(self) -> Steps:
        if self.target.running is not None:
            yield min(3.0, self.input["shutdown_timeout"])
            self.target.running = None
        yield 1.0
        for nic in self.target.nics:
            release(self.config, nic)
        del self.config.instances[self.target.name]
        self.config.mtime = self.cluster.now()


@opcode("OP_INSTANCE_RENAME")
class Rename(InstanceOperation):
    def check(self) -> None:
        if self.target.admin_state != "down" or seen_running(self.config, self.target):
            raise prereq(
                f"Instance '{self.target.name}' is marked to be {self.target.admin_state}, cannot rename",
                "wrong_state",
            )
        self.new_name = checked_name(self, self.input["new_name"])
        if self.config.instances.get(self.new_name) not in (None, self.target):
            raise prereq(f"Instance '{self.new_name}' is already in the cluster", "already_exists")

    def execute(self) -> Steps:
        yield 1.0
        for network in self.config.networks.values():
            network.used = {
                ip: self.new_name if name == self.target.name else name for ip, name in network.used.items()
            }
        self.config.instances.rename(self.target, self.new_name)
        self.changed()
        return self.new_name


@opcode("OP_INSTANCE_REINSTALL")
class Reinstall(InstanceOperation):
    def check(self) -> None:
        if not self.target.disks:
            raise prereq(f"Instance '{self.target.name}' has no disks", "wrong_input")
        if self.target.admin_state == "up" or seen_running(self.config, self.target):
            raise prereq(f"Instance '{self.target.name}' is marked to be up, cannot reinstall", "wrong_state")
        self.input.setdefault("os_type", self.target.os)
        require_os(
            self.config,
            self.input["os_type"],
            self.target.pnode,
            force_variant=bool(self.get("force_variant")),
        )

    def execute(self) -> Steps:
        wanted = self.input["os_type"]
        self.say(f"Changing OS scripts to '{wanted}'...")
        self.target.os = wanted
        self.changed()
        yield 1.0
        self.info("Running instance OS create scripts...")
        yield install_seconds(wanted, self.get("osparams", {}))
        if wanted.endswith("+" + BROKEN_VARIANT):
            raise failed(
                f"Could not install OS for instance {self.target.name} on node {self.target.pnode}: "
                "OS create script failed (exited with exit code 1), last lines in the log file:\n"
            )
