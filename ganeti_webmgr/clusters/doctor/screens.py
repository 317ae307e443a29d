"""Whether the console ports of the cluster's nodes can be reached from here."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.doctor.findings import SOLVE, Finding, good, know
from ganeti_webmgr.clusters.models import Checkup

FIELDS = ("name", "pnode", "status", "network_port", "hv/vnc_bind_address", "hypervisor")
PATIENCE_S = 3.0
MOST_NODES = 8
LISTEN = "gnt-cluster modify -H kvm:vnc_bind_address=0.0.0.0\n# then restart the machines that need a console"


def consoles(
    checkup: Checkup, instances: Iterable[dict[str, Any]], nodes: list[rapi.Node]
) -> Iterator[Finding]:
    """Of each node with a running machine, whether one screen there answers; only the first few are tried."""
    shown: dict[str, dict[str, Any]] = {}
    for instance in instances:
        if instance["status"] == "running" and instance["network_port"]:
            shown.setdefault(instance["pnode"], instance)
    if not shown:
        yield know("No console could be tried", "No machine with a screen runs there now.")
        return
    addresses = {node.name: node.pip for node in nodes}
    tried = dict(sorted(shown.items())[:MOST_NODES])
    is_troubled = False
    for node, instance in tried.items():
        if trouble := _try(checkup, node, addresses[node], instance):
            is_troubled = True
            yield trouble
    if not is_troubled:
        yield good("Consoles are reached", f"on {', '.join(tried)}")


def _try(checkup: Checkup, node: str, pip: str, instance: dict[str, Any]) -> Finding | None:
    port, bind = instance["network_port"], str(instance["hv/vnc_bind_address"] or "")
    slug = checkup.cluster.slug if checkup.cluster else checkup.slug
    route = settings.CONSOLE_ROUTES.get(slug, {}).get(node)
    if not route and _is_loopback(bind):
        return _trouble(node, f"VNC listens on {bind} only. If the network of the nodes is private, run:")
    host = route or (bind if bind and _is_single(bind) else pip)
    try:
        rapi.knock(host, port, timeout_s=PATIENCE_S)
    except rapi.Unreachable as error:
        return _trouble(
            node, f"{host}, port {port}: {error.message}. A firewall is between, or VNC listens elsewhere:"
        )
    return None


def _trouble(node: str, why: str) -> Finding:
    return Finding(
        title=f"The console cannot reach {node}",
        advice=f"{why} Until then, consoles there stay unavailable; nothing else does.",
        command=LISTEN,
        tone=SOLVE,
    )


def _is_loopback(bind: str) -> bool:
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return False


def _is_single(bind: str) -> bool:
    """Whether it is one address: not all of them, nor the name of an interface."""
    try:
        return not ipaddress.ip_address(bind).is_unspecified
    except ValueError:
        return False
