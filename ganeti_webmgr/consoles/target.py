"""Where a machine's screen is now, from a fresh answer of its cluster (reference, section 7.2).

Ganeti's own console resource is broken for VNC, so that the place is put together from the machine's bind
address and port and its primary node. Called by the proxy and by commands: it speaks to the cluster.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.secrets import Undecipherable
from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.vms.models import VirtualMachine

FIRST_PORT, LAST_PORT = 11000, 14999  # the pool that every Ganeti cluster gives ports from
WITH_SCREEN = {"kvm", "xen-hvm"}


@dataclass(frozen=True)
class Target:
    """An address and port of a node; `tls` where the machine's screen speaks VeNCrypt."""

    host: str
    port: int
    node: str
    tls: bool = False

    def __str__(self) -> str:
        return f"{self.node}, port {self.port}"


def find(vm: VirtualMachine) -> Target:
    """The place of the machine's screen; Ended says which step failed where there is none."""
    instance, node = running(vm)
    bind = str(instance.hvparams.get("vnc_bind_address") or "")
    if vm.hypervisor not in WITH_SCREEN or instance.network_port is None:
        raise Ended(endings.NO_SCREEN, f"Machines of {vm.hypervisor} have none.")
    if vm.hypervisor == "kvm" and not bind:
        raise Ended(endings.NO_SCREEN, "vnc_bind_address is empty.")
    if not FIRST_PORT <= instance.network_port <= LAST_PORT:
        raise Ended(endings.OUTSIDE, f"Port {instance.network_port} is no console port.")
    return Target(
        host=_host(bind, node, settings.CONSOLE_ROUTES.get(vm.cluster.slug, {}).get(node.name)),
        port=instance.network_port,
        node=node.name,
        tls=bool(instance.hvparams.get("vnc_tls")),
    )


def running(vm: VirtualMachine) -> tuple[rapi.Instance, rapi.Node]:
    """The machine as its cluster tells of it now, and the node it runs on; Ended where it does not run."""
    try:
        with connect(vm.cluster) as client:
            instance = client.instances.get(vm.name)
            node = client.nodes.get(instance.pnode)
    except rapi.NotFound:
        raise Ended(endings.GONE, f"{vm.cluster} does not know {vm.name}.") from None
    except (rapi.RapiError, Undecipherable) as error:
        raise Ended(endings.CLUSTER) from error  # its text is for the cluster's administrators
    if instance.uuid != vm.uuid:
        raise Ended(endings.GONE, "Another machine has its name now.")
    if not instance.oper_state:
        raise Ended(endings.OFF, f"Ganeti says: {instance.status}.")
    # A node that nobody has seen in a whole answer is not taken from a single one.
    if not vm.cluster.nodes.filter(uuid=node.uuid, missing_since=None).exists():
        raise Ended(endings.OUTSIDE, f"{node.name} is not known as a node of {vm.cluster} yet.")
    return instance, node


def _host(bind: str, node: rapi.Node, route: str | None) -> str:
    if bind.startswith("/"):
        raise Ended(endings.SOCKET, f"vnc_bind_address is {bind}.")
    if route:  # the site relays the ports, to whatever address of the node
        return route
    try:
        address = ipaddress.ip_address(bind or "0.0.0.0")  # noqa: S104 - what xen-hvm listens on
    except ValueError:
        return node.pip  # the name of an interface of the node
    if address.is_unspecified:
        return node.pip
    if str(address) in {node.pip, node.sip}:
        return str(address)
    if address.is_loopback:
        raise Ended(endings.LOOPBACK, f"vnc_bind_address is {bind}.")
    raise Ended(endings.OUTSIDE, f"{bind} is no address of {node.name}.")
