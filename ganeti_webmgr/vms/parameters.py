"""A machine's parameters with the place that each value comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.vms.models import VirtualMachine

OWN = "this machine"
OF_SYSTEM = "its operating system"
OF_CLUSTER = "the cluster"


@dataclass(frozen=True)
class Parameter:
    """A value that is in force, who set it, and what would be in force without that."""

    name: str
    value: Any
    source: str
    inherited: Any = None


@dataclass(frozen=True)
class Group:
    """Parameters of one kind."""

    title: str
    parameters: list[Parameter]


def parameters(vm: VirtualMachine) -> list[Group]:
    """Everything that is set for the machine: of its hypervisor, of its size and of its operating system."""
    info, row = vm.cluster.info, vm.details
    of_cluster = info.get("hvparams", {}).get(vm.hypervisor, {})
    of_system = info.get("os_hvp", {}).get(vm.os, {}).get(vm.hypervisor, {})
    groups = [
        Group(
            "Size and behaviour",
            _merge(row, "beparams", of_cluster=info.get("beparams", {}).get("default", {})),
        ),
        Group("Hypervisor", _merge(row, "hvparams", of_cluster=of_cluster, of_system=of_system)),
        Group(
            "Operating system", _merge(row, "osparams", of_cluster=info.get("osparams", {}).get(vm.os, {}))
        ),
    ]
    return [group for group in groups if group.parameters]


def _merge(
    row: dict[str, Any], kind: str, *, of_cluster: dict[str, Any], of_system: dict[str, Any] | None = None
) -> list[Parameter]:
    own = row.get(f"custom_{kind}") or {}
    of_system = of_system or {}
    merged = []
    for name, value in sorted((row.get(kind) or {}).items()):
        inherited = of_system.get(name, of_cluster.get(name))
        source = OWN if name in own else OF_SYSTEM if name in of_system else OF_CLUSTER
        merged.append(Parameter(name, value, source, inherited if name in own else None))
    return merged
