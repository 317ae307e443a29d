"""What keeps a machine on its node. Each rule says why it cannot leave, and nothing where it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganeti_webmgr.ui.wording import spelled

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine

MIRRORED_OUTSIDE = frozenset({"diskless", "sharedfile", "gluster", "rbd", "ext", "blockdev"})
MIRRORED = MIRRORED_OUTSIDE | {"drbd"}
NOT_MIGRATABLE = frozenset({"chroot", "lxc"})


def movable(vm: VirtualMachine) -> str:
    if vm.disk_template in MIRRORED:
        return ""
    return f"Its disks are {spelled(vm.disk_template)}, which only one node has."


def migratable(vm: VirtualMachine) -> str:
    if vm.hypervisor in NOT_MIGRATABLE:
        return f"{spelled(vm.hypervisor)} cannot migrate machines. Fail it over instead."
    return movable(vm)


def running(vm: VirtualMachine) -> str:
    return "" if vm.oper_state else "The machine does not run. Fail it over instead."
