"""Modification of a machine: parameters, state, system; devices are in modify_devices.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import failed, prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.status import seen_running
from .disks import build_disk, new_mirror_node
from .modify_devices import DiskChanges, NicChanges
from .parameters import beparams, hvparams, override
from .policy import violations

_CHANGES = (
    "nics", "disks", "disk_template", "hvparams", "beparams", "osparams", "osparams_private", "os_name",
    "runtime_mem", "offline", "pnode", "instance_communication",
)  # fmt: skip

Changes = list[list[Any]]


@opcode("OP_INSTANCE_SET_PARAMS")
class SetParams(InstanceOperation):
    def check(self) -> None:
        # `is False` matters: taking a machine out of the offline state is a change too.
        if not any(self.get(key) or self.get(key) is False for key in _CHANGES):
            raise prereq("No changes submitted", "wrong_input")
        self.hv = hvparams(self.config, self.target.hypervisor, self.get("hvparams", {}))
        self.be = beparams(self.config, self.get("beparams", {}))
        self._check_states()
        self._check_memory()
        self.nic_changes = NicChanges(self, self.get("nics", []))
        self.disk_changes = DiskChanges(self, self.get("disks", []))
        self._check_policy()

    def _check_states(self) -> None:
        name, running = self.target.name, seen_running(self.config, self.target)
        if self.get("disk_template"):
            self._check_template(running=running)
        if self.get("offline") and (running or self.target.admin_state == "up"):
            raise prereq(
                f"Instance '{name}' is marked to be up, cannot change instance state to offline",
                "wrong_state",
            )
        if self.get("offline") is False and self.target.admin_state != "offline":
            raise prereq(
                f"Instance '{name}' is marked to be {self.target.admin_state}, "
                "cannot change instance state to online",
                "wrong_state",
            )

    def _check_template(self, *, running: bool) -> None:
        wanted = self.input["disk_template"]
        if self.get("disks"):
            raise prereq(
                "Disk template conversion and other disk changes not supported at the same time",
                "wrong_input",
            )
        if self.target.template == wanted:
            raise prereq(f"Instance already has disk template {wanted}", "wrong_input")
        enabled = self.config.params["enabled_disk_templates"]
        if wanted not in enabled:
            raise prereq(
                f"Disk template '{wanted}' is not enabled for this cluster "
                f"(enabled templates: {', '.join(enabled)})",
                "wrong_state",
            )
        if running or self.target.admin_state == "up":
            raise prereq(
                f"Instance '{self.target.name}' is marked to be up, cannot change disk template",
                "wrong_state",
            )
        if wanted == "drbd" and not self.get("remote_node") and not self.get("iallocator"):
            raise prereq("The networked disk templates need a mirror node", "wrong_input")

    def _check_memory(self) -> None:
        filled = {**self.config.beparams(self.target), **override({}, self.be)}
        if filled["minmem"] > filled["maxmem"]:
            raise prereq(
                f"minmem ({filled['minmem']}) cannot be larger than maxmem ({filled['maxmem']})",
                "wrong_input",
            )
        wanted = self.get("runtime_mem")
        if wanted is None:
            return
        if not seen_running(self.config, self.target):
            raise prereq(f"Instance {self.target.name} is not running", "wrong_state")
        if not filled["minmem"] <= wanted <= filled["maxmem"] and not self.get("force"):
            raise prereq(
                f"Instance {self.target.name} must have memory between {filled['minmem']} and "
                f"{filled['maxmem']} MB of memory unless --force is given",
                "wrong_input",
            )

    def execute(self) -> Steps:
        yield 0.7
        changes: Changes = []
        changes += self._runtime_memory()
        changes += self.disk_changes.apply()
        changes += yield from self._convert()
        changes += self.nic_changes.apply()
        changes += self._parameters()
        changes += self._state()
        self.changed()
        return changes

    def _check_policy(self) -> None:
        """The whole machine is held against the policy, whatever is changed of it."""
        if self.get("ignore_ipolicy"):
            return
        after = replace(
            self.target,
            beparams=override(self.target.beparams, self.be),
            nics=self.nic_changes.afterwards(),
            disks=self.disk_changes.afterwards(),
            template=self.get("disk_template") or self.target.template,
        )
        group = self.config.group_of(self.target.pnode)
        if found := violations(self.config, group, after):
            told, where = ", ".join(found), f"{group.uuid} ({group.name})"
            raise prereq(f"Instance allocation to group {where} violates policy: {told}", "wrong_input")

    def _runtime_memory(self) -> Changes:
        wanted = self.get("runtime_mem")
        if wanted is None or self.target.running is None:
            return []
        self.target.running.ram = wanted
        return [["runtime_memory", wanted]]

    def _convert(self) -> Any:
        wanted = self.get("disk_template")
        if wanted is None:
            return []
        self.say(f"Converting disk template from '{self.target.template}' to '{wanted}'")
        yield 3.0
        if wanted == "drbd":
            self.target.snode = new_mirror_node(self)
        else:
            self.target.snode = None
        self.target.disks = [
            build_disk(self.config, {"size": disk.size, "mode": disk.mode}, template=wanted)
            for disk in self.target.disks
        ]
        self.target.template = wanted
        return [["disk_template", wanted]]

    def _parameters(self) -> Changes:
        target = self.target
        if self.get("pnode"):
            target.pnode = self.node(self.input["pnode"]).name
        target.hvparams = override(target.hvparams, self.hv)
        target.beparams = override(target.beparams, self.be)
        target.osparams = override(target.osparams, self.get("osparams", {}))
        target.osparams_private = override(target.osparams_private, self.get("osparams_private", {}))
        if self.get("os_name"):
            target.os = self.input["os_name"]
        return [
            *([f"hv/{key}", value] for key, value in self.hv.items()),
            *([f"be/{key}", value] for key, value in self.be.items()),
            *([f"os/{key}", value] for key, value in self.get("osparams", {}).items()),
            *([f"os_private/{key}", "<redacted>"] for key in self.get("osparams_private", {})),
        ]

    def _state(self) -> Changes:
        offline = self.get("offline")
        if offline is None:
            return []
        self.target.admin_state = "offline" if offline else "down"
        return [["admin_state", self.target.admin_state]]

    def hotplug(self, device: str) -> Changes:
        """What applying a device's change to the running guest adds to the result."""
        wanted = self.get("hotplug") or self.get("hotplug_if_possible")
        if not wanted or not seen_running(self.config, self.target):
            return []
        if self.target.hypervisor != "kvm":
            if self.config.release >= (3, 1) or self.get("hotplug_if_possible"):
                return []
            raise failed("Hotplug is not possible: Hotplug is not supported by this hypervisor")
        self.info("Trying to hotplug device...")
        self.info("Hotplug done.")
        return [[device, "hotplug:done"]]
