"""When a command makes sense for a machine. Each rule says why it does not, and nothing where it does."""

from __future__ import annotations

from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.moving import MIRRORED
from ganeti_webmgr.ui.wording import spelled, words
from ganeti_webmgr.vms.models import VirtualMachine

CONVERTIBLE = frozenset({"plain", "drbd", "file", "sharedfile", "gluster", "rbd", "ext"})
NOT_GROWABLE = frozenset({"blockdev", "diskless"})


def is_stopped(vm: VirtualMachine) -> bool:
    """Whether it is meant to be stopped, and is."""
    return vm.admin_state != "up" and not vm.oper_state


def stopped(vm: VirtualMachine) -> str:
    if vm.admin_state == "offline":
        return ""
    return "" if is_stopped(vm) else "Shut the machine down first."


def down(vm: VirtualMachine) -> str:
    """As `stopped`, and not set offline either."""
    return not_set_offline(vm) or stopped(vm)


def not_set_offline(vm: VirtualMachine) -> str:
    return "Set offline. Set it online first." if vm.admin_state == "offline" else ""


def node_there(vm: VirtualMachine) -> str:
    node = vm.primary_node
    if node is None or node.role != Node.Role.OFFLINE:
        return ""
    way_out = " Fail the machine over first." if vm.disk_template in MIRRORED else ""
    return f"Its node {node} is offline.{way_out}"


def has_disks(vm: VirtualMachine) -> str:
    return "It has no disks." if vm.disk_template == "diskless" or not vm.details.get("disks") else ""


def growable(vm: VirtualMachine) -> str:
    if why := has_disks(vm):
        return why
    return template_among(vm, "grow", but=NOT_GROWABLE)


def convertible(vm: VirtualMachine) -> str:
    if why := has_disks(vm):
        return why
    if vm.disk_template not in CONVERTIBLE:
        return f"Disks of the kind {spelled(vm.disk_template)} cannot be converted."
    others = other_templates(vm)
    return "" if others else f"{vm.cluster} has no other kind of disk switched on."


def other_templates(vm: VirtualMachine) -> list[str]:
    """The disk templates to which it could be converted on its cluster."""
    enabled = vm.cluster.info.get("enabled_disk_templates") or []
    return [name for name in enabled if name in CONVERTIBLE and name != vm.disk_template]


def mirrored(vm: VirtualMachine) -> str:
    return "" if vm.disk_template == "drbd" else "Only mirrored disks (DRBD) can be replaced."


def template_among(vm: VirtualMachine, verb: str, *, but: frozenset[str]) -> str:
    if vm.disk_template not in but:
        return ""
    names = words(sorted(str(spelled(name)) for name in but))
    return f"Disks of the kinds {names} cannot {verb}."
