"""Which consoles a machine has, as far as is known without asking its cluster."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ganeti_webmgr.consoles.models import Kind
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True)
class Offers:
    """The kinds that a browser can open, best first, and what else there is to know."""

    kinds: tuple[Kind, ...]
    has_serial: bool
    has_spice: bool
    command: str
    """What an administrator runs in a shell for the serial line."""

    @property
    def none(self) -> bool:
        return not self.kinds and not self.has_serial and not self.has_spice


def offers(vm: VirtualMachine) -> Offers:
    """By its hypervisor's parameters; whether it really is so shows when one is opened."""
    hvparams: dict[str, Any] = vm.details.get("hvparams") or {}
    has_screen = vm.hypervisor == "xen-hvm" or (
        vm.hypervisor == "kvm" and bool(hvparams.get("vnc_bind_address"))
    )
    has_serial = vm.hypervisor in {"xen-pvm", "xen-hvm", "lxc", "chroot"} or bool(
        hvparams.get("serial_console")
    )
    reachable = vm.cluster.slug in settings.SERIAL_SOCKETS or vm.cluster.slug in settings.SERIAL_RELAYS
    kinds = [Kind.SCREEN] * has_screen + [Kind.SERIAL] * (has_serial and reachable)
    return Offers(
        kinds=tuple(kinds),
        has_serial=has_serial,
        has_spice=bool(hvparams.get("spice_bind")),
        command=shlex.join(["ssh", "-t", f"root@{vm.cluster.master}", "gnt-instance", "console", vm.name]),
    )
