"""Backups."""

from __future__ import annotations

from ..errors import failed, prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.status import seen_running


@opcode("OP_BACKUP_PREPARE")
class PrepareExport(InstanceOperation):
    def execute(self) -> Steps:
        yield 0.3
        if self.input["mode"] == "local":
            return None
        return {
            "handshake": [0, "simulated", "simulated"],
            "x509_key_name": [f"x509-{self.target.uuid}", "sha1", "simulated"],
            "x509_ca": "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n",
        }


@opcode("OP_BACKUP_EXPORT")
class Export(InstanceOperation):
    def check(self) -> None:
        if self.get("remove_instance") and not self.get("shutdown"):
            raise prereq("Can not remove instance without shutting it down before", "wrong_state")
        if self.input["mode"] == "remote":
            raise prereq("Missing X509 key name for encryption", "wrong_input")
        self.destination = self.node(str(self.input["target_node"]))
        self.input["target_node"] = self.destination.name
        self.input["target_node_uuid"] = self.destination.uuid
        if self.target.template == "file" and not self.get("long_sleep"):
            self.unsafe = True
        else:
            self.unsafe = False

    def execute(self) -> Steps:
        target, here, there = self.target, self.target.pnode, self.destination.name
        was_running = seen_running(self.config, target)
        if self.get("shutdown"):
            self.say(f"Shutting down instance {target.name}")
            yield 1.5 if was_running else 0.1
        if self.unsafe:
            raise failed(
                "Not all disks could be snapshotted, and you did not allow the instance to remain offline "
                "for a longer time through the --long-sleep option; aborting"
            )
        disks = range(len(target.disks))
        for index in disks:
            self.say(f"Exporting disk/{index} from {here} to {there}")
        for index in disks:
            self.say(f"disk/{index} is now listening, starting export")
            self.say(f"disk/{index} is receiving data on {there}")
            yield 1.5
            self.say(f"disk/{index} finished sending data")
        self.say(f"Finalizing export on {there}")
        yield 0.5
        self.destination.exports = sorted({*self.destination.exports, target.name})
        if self.get("remove_instance"):
            del self.config.instances[target.name]
        return [True, [True for _ in disks]]
