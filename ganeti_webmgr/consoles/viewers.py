"""Files for desktop viewers (Remote Viewer's and TigerVNC's), where people's computers reach the nodes.

They go past the proxy, and so past "watch only", limits and the list of consoles: who gets one is recorded. A
ticket cannot go with them: VNC has room for eight characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.consoles.models import ClusterConsoles
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.models import VirtualMachine

UNSPECIFIED = {"", "0.0.0.0", "::"}  # noqa: S104 - what machines listen on


class NoFile(Refusal):
    """There is no file with which a desktop viewer would get to the machine."""

    status = 409
    title = "No desktop viewer"


@dataclass(frozen=True)
class ViewerFile:
    """What the browser saves."""

    name: str
    type: str
    text: str


def why_none(vm: VirtualMachine, protocol: str) -> str:
    """Why there is no file for the machine, in words to show; empty where there is one."""
    hvparams = vm.details.get("hvparams") or {}
    if not hvparams.get("spice_bind" if protocol == "spice" else "vnc_bind_address"):
        return f"This machine has no {protocol.upper()} screen."
    if not ClusterConsoles.objects.filter(cluster=vm.cluster, reached_directly=True).exists():
        return (
            f"The console ports of {vm.cluster} are not open to people's own computers. "
            "Use the console in the browser."
        )
    if vm.primary_node is None or not vm.details.get("network_port"):
        return "Where the machine runs is not known now."
    return "" if vm.oper_state else "The machine does not run."


def viewer_file(vm: VirtualMachine, *, protocol: str, as_file: str, by: User) -> ViewerFile:
    """The file, and that somebody has it in the record; Denied or NoFile."""
    policy.require(by, "console", vm)
    if (reason := why_none(vm, protocol)) or vm.primary_node is None:
        raise NoFile(reason)
    node, hvparams = vm.primary_node, vm.details["hvparams"]
    bind = str(hvparams.get("spice_bind" if protocol == "spice" else "vnc_bind_address"))
    host = node.details.get("pip") or node.name if bind in UNSPECIFIED else bind
    port = int(vm.details["network_port"])
    with transaction.atomic():
        after = {"kind": protocol, "where": f"{node}, port {port}"}
        record("console.file-given", vm, by=by, acted_as=standing(by, vm), after=after)
    if as_file == "vnc":
        text = f"[connection]\nhost={host}\nport={port}\n"
        return ViewerFile(f"{vm.name}.vnc", "application/x-vnc", text)
    kind = "tls-port" if protocol == "spice" and hvparams.get("spice_use_tls") else "port"
    text = (
        f"[virt-viewer]\ntype={protocol}\nhost={host}\n{kind}={port}\ntitle={vm.name}\ndelete-this-file=1\n"
    )
    return ViewerFile(f"{vm.name}.vv", "application/x-virt-viewer", text)
