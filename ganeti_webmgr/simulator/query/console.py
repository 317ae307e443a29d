"""The console resource, with the trap every release has: VNC consoles cannot be asked for."""

from __future__ import annotations

from typing import Any

from ..model.config import Config
from ..model.instance import Instance
from ..model.status import node_answers, seen_running
from .cells import NO_DATA, OFFLINE, UNAVAILABLE

_SOCKETS = "/var/run/ganeti/kvm-hypervisor/ctrl"


def console_cell(config: Config, instance: Instance) -> Any:
    """The cell of the `console` field: one VNC machine spoils it for all machines of its node."""
    if config.nodes[instance.pnode].offline:
        return OFFLINE
    if not node_answers(config, instance):
        return NO_DATA
    neighbours = config.on_node(instance.pnode)
    if any(console_kind(config, other) == "vnc" for other in neighbours if seen_running(config, other)):
        return NO_DATA
    return console(config, instance) if seen_running(config, instance) else UNAVAILABLE


def console_kind(config: Config, instance: Instance) -> str:
    if instance.hypervisor == "fake":
        return "msg"
    if instance.hypervisor != "kvm":
        return "ssh"
    hvparams = config.hvparams(instance)
    if hvparams["serial_console"]:
        return "ssh"
    if hvparams["vnc_bind_address"]:
        return "vnc"
    return "spice" if hvparams["spice_bind"] else "msg"


def console(config: Config, instance: Instance) -> dict[str, Any]:
    """What Ganeti tells about reaching the console; never asked for kind vnc."""
    kind = console_kind(config, instance)
    found: dict[str, Any] = {"instance": instance.name, "kind": kind}
    if kind == "ssh":
        return found | {"host": instance.pnode, "user": "root", "command": _command(instance)}
    if kind == "spice":
        host = config.hvparams(instance)["spice_bind"]
        return found | {"host": host, "port": instance.network_port}
    if instance.hypervisor == "fake":
        return found | {"message": "Console not available for fake hypervisor"}
    return found | {"message": f"No serial shell for instance {instance.name}"}


def _command(instance: Instance) -> list[str]:
    if instance.hypervisor != "kvm":
        return ["/usr/lib/ganeti/tools/xen-console-wrapper", "xl", instance.name]
    return [
        "/usr/lib/ganeti/tools/kvm-console-wrapper",
        "/usr/bin/socat",
        instance.name,
        f"{_SOCKETS}/{instance.name}.monitor",
        "STDIO,raw,echo=0,escape=0x1d",
        f"UNIX-CONNECT:{_SOCKETS}/{instance.name}.serial",
    ]
