"""The instance policy of a node group."""

from __future__ import annotations

from ..errors import prereq
from ..model.config import Config
from ..model.instance import Instance
from ..model.node import Group


def violations(config: Config, group: Group, instance: Instance) -> list[str]:
    """What of the machine lies outside the policy, in Ganeti's words; empty when it fits one range."""
    policy = config.ipolicy(group)
    beparams = config.beparams(instance)
    values: list[tuple[str, int]] = [
        ("memory-size", beparams["maxmem"]),
        ("cpu-count", beparams["vcpus"]),
        ("disk-count", len(instance.disks)),
        ("nic-count", len(instance.nics)),
        ("spindle-use", beparams["spindle_use"]),
        *(("disk-size", disk.size) for disk in instance.disks),
    ]
    found = []
    if instance.template not in policy["disk-templates"]:
        allowed = ", ".join(policy["disk-templates"])
        found.append(f"Disk template {instance.template} is not allowed (allowed templates: {allowed})")
    ranges: list[list[str | None]] = [
        [_outside(name, value, pair["min"][name], pair["max"][name]) for name, value in values]
        for pair in policy["minmax"]
    ]
    complaints = [[text for text in one if text] for one in ranges]
    if complaints and all(complaints):
        found += sorted(complaints, key=len)[0]
    return found


def require_fit(config: Config, group: Group, instance: Instance) -> None:
    """Raises OperationFailed when the machine violates the policy of the group."""
    found = violations(config, group, instance)
    if found:
        raise prereq(
            f"Instance allocation to group {group.uuid} ({group.name}) violates policy: {', '.join(found)}",
            "wrong_input",
        )


def _outside(name: str, value: int, low: int, high: int) -> str | None:
    return None if low <= value <= high else f"{name} value {value} is not in range [{low}, {high}]"
