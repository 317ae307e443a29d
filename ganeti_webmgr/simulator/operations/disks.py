"""Disks as they are asked for, and the operations on them."""

from __future__ import annotations

from typing import Any

from ..errors import failed, prereq
from ..jobs.operation import InstanceOperation, Steps, opcode
from ..model.capacity import Need, NoRoom, allocate, free_disk
from ..model.config import Config
from ..model.instance import Disk, Instance
from ..model.status import seen_running
from .sizes import mebibytes

MAX_DISKS = 16
UNGROWABLE = ("blockdev", "diskless")


def build_disk(config: Config, given: dict[str, Any], *, template: str) -> Disk:
    """A disk of that template; raises OperationFailed."""
    if "size" not in given and "adopt" not in given:
        raise prereq("Missing disk size", "wrong_input")
    mode = given.get("mode", "rw")
    if mode not in ("rw", "ro"):
        raise prereq(f"Invalid disk access mode '{mode}'", "wrong_input")
    if template == "ext" and "provider" not in given:
        raise prereq("Missing provider for template 'ext'", "wrong_input")
    name = given.get("name")
    known = {"size", "mode", "name", "dev_type"}
    return Disk(
        uuid=config.new_uuid(),
        size=mebibytes(given.get("size", 1024)),
        template=template,
        mode=mode,
        name=None if name == "none" else name,
        params={key: value for key, value in given.items() if key not in known},
    )


def device_path(instance: Instance, index: int) -> str:
    disk = instance.disks[index]
    match disk.template:
        case "drbd":
            return f"/dev/drbd{index}"
        case "plain":
            return f"/dev/xenvg/{disk.uuid}.disk{index}"
        case "file" | "sharedfile":
            root = "file-storage" if disk.template == "file" else "shared-file-storage"
            return f"/srv/ganeti/{root}/{instance.name}/{disk.uuid}.{disk.template}.disk{index}"
    return f"/dev/{disk.template}/{disk.uuid}"


def mark_mixed(instance: Instance) -> None:
    """Brings the machine's template in line with those of its disks."""
    templates = {disk.template for disk in instance.disks}
    instance.template = "diskless" if not templates else templates.pop() if len(templates) == 1 else "mixed"


@opcode("OP_INSTANCE_GROW_DISK")
class GrowDisk(InstanceOperation):
    def check(self) -> None:
        index = self.input["disk"]
        if index >= len(self.target.disks):
            raise prereq(
                f"Invalid disk index {index}, the instance only has {len(self.target.disks)} disk(s) "
                f"(0 to {len(self.target.disks) - 1})",
                "wrong_input",
            )
        self.disk = self.target.disks[index]
        if self.disk.template in UNGROWABLE:
            raise prereq(
                f"Instance's disk layout {self.disk.template} does not support growing", "wrong_input"
            )
        self.size = mebibytes(self.input["amount"]) + (0 if self.get("absolute") else self.disk.size)
        if self.size < self.disk.size:
            raise prereq(
                f"Requested size ({self.size}M) is smaller than current disk size ({self.disk.size}M)",
                "wrong_state",
            )
        needed = self.size - self.disk.size
        for name in self.target.nodes:
            free = free_disk(self.config, self.config.nodes[name])
            if free < needed:
                raise prereq(
                    f"Not enough disk space on target node {name} vg xenvg: required {needed} MiB, "
                    f"available {free} MiB",
                    "insufficient_resources",
                )

    def execute(self) -> Steps:
        index, grown = self.input["disk"], self.size - self.disk.size
        self.say(f"Growing disk {index} of instance '{self.target.name}' by {grown}M to {self.size}M")
        yield 2.0
        self.disk.size = self.size
        self.changed()
        if self.get("wait_for_sync") and self.disk.template == "drbd":
            yield from synchronise(self)


@opcode("OP_INSTANCE_REPLACE_DISKS")
class ReplaceDisks(InstanceOperation):
    def prepare(self) -> None:
        mode, node, allocator = (self.get(key) for key in ("mode", "remote_node", "iallocator"))
        if mode == "replace_new_secondary" and not node and not allocator:
            raise prereq(
                "When changing the secondary either an iallocator script must be used or the new node given",
                "wrong_input",
            )
        if mode != "replace_new_secondary" and (node or allocator):
            raise prereq(
                "The iallocator and new node options can only be used when changing the secondary node",
                "wrong_input",
            )
        super().prepare()

    def check(self) -> None:
        if self.target.snode is None:
            raise prereq(
                "The instance has a strange layout, expected one secondary but found 0", "internal_error"
            )
        remote = self.get("remote_node")
        if remote and self.node(remote).name in self.target.nodes:
            role = "primary" if self.node(remote).name == self.target.pnode else "secondary"
            raise prereq(f"The specified node is already the {role} node of the instance", "wrong_input")

    def execute(self) -> Steps:
        disks = self.input["disks"] or list(range(len(self.target.disks)))
        if self.input["mode"] == "replace_auto":
            self.say("No disks need replacement for instance '" + self.target.name + "'")
            return
        chosen = ", ".join(map(str, disks))
        self.say(f"Replacing disk(s) {chosen} for instance '{self.target.name}'")
        self.say(f"Current primary node: {self.target.pnode}")
        self.say(f"Current secondary node: {self.target.snode}")
        if self.input["mode"] == "replace_new_secondary":
            new = new_mirror_node(self)
            self.say(f"STEP 3/6 Allocate new storage: adding storage on {new}")
            yield 2.0
            self.target.snode = new
            self.changed()
        else:
            self.say("STEP 3/6 Allocate new storage")
            yield 2.0
        yield from synchronise(self)
        self.say("STEP 6/6 Removing old storage")


@opcode("OP_INSTANCE_RECREATE_DISKS")
class RecreateDisks(InstanceOperation):
    def check(self) -> None:
        if self.target.template == "diskless":
            raise prereq(f"Instance '{self.target.name}' has no disks", "wrong_input")
        if seen_running(self.config, self.target) or self.target.admin_state == "up":
            raise prereq(
                f"Instance '{self.target.name}' is marked to be up, cannot recreate disks", "wrong_state"
            )

    def execute(self) -> Steps:
        yield 2.0
        chosen = [entry if isinstance(entry, int) else entry[0] for entry in self.input["disks"]]
        disks = [self.target.disks[index] for index in chosen or range(len(self.target.disks))]
        if all(disk.lost for disk in disks):
            for disk in disks:
                disk.lost = False
            self.changed()
            return
        path = device_path(self.target, next(i for i, disk in enumerate(self.target.disks) if not disk.lost))
        raise failed(
            f"Can't create block device on node {self.target.pnode} for instance {self.target.name}: "
            f"{path}: can't create: [Errno 17] File exists: '{path}'"
        )


@opcode("OP_INSTANCE_ACTIVATE_DISKS")
class ActivateDisks(InstanceOperation):
    def execute(self) -> Steps:
        yield 0.5
        if not self.target.disks_active:
            self.target.disks_active = True
            self.changed()
        indexes = range(len(self.target.disks))
        return [[self.target.pnode, f"disk/{index}", device_path(self.target, index)] for index in indexes]


@opcode("OP_INSTANCE_DEACTIVATE_DISKS")
class DeactivateDisks(InstanceOperation):
    def check(self) -> None:
        if self.target.admin_state == "up" and not self.get("force"):
            raise prereq(
                f"Instance '{self.target.name}' is marked to be up, cannot shutdown disks", "wrong_state"
            )

    def execute(self) -> Steps:
        yield 0.5
        if self.target.disks_active:
            self.target.disks_active = False
            self.changed()


def new_mirror_node(work: InstanceOperation) -> str:
    """The node for another copy of the disks: the one asked for, or the allocator's choice."""
    if work.get("remote_node"):
        return work.node(work.input["remote_node"]).name
    need = Need(memory=0, disk=work.target.space(), vcpus=0)
    group = work.config.group_of(work.target.pnode).name
    try:
        return allocate(work.config, need, group=group, avoid=frozenset(work.target.nodes))[0]
    except NoRoom as error:
        raise prereq(
            f"Can't compute nodes using iallocator 'hail': Request failed: {error}",
            "insufficient_resources",
        ) from None


def synchronise(work: InstanceOperation) -> Steps:
    """Waits for DRBD and says how far it is."""
    work.info(f"Waiting for instance {work.target.name} to sync disks")
    for percent in (18.3, 41.7, 66.2, 89.5):
        yield 1.5
        for index in range(len(work.target.disks)):
            left = int((100 - percent) / 12)
            work.info(f"- device disk/{index}: {percent:.2f}% done, {left}s remaining (estimated)")
    yield 1.0
    work.info(f"Instance {work.target.name}'s disks are in sync")
