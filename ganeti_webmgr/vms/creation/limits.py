"""Whether a blueprint keeps to the rules of a cluster and its groups, said where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganeti_webmgr.ui.wording import mib, spelled
from ganeti_webmgr.vms.creation.blueprint import Blueprint

Problems = dict[str, str]  # by field
MOST_DISKS, MOST_NICS = 16, 8


def problems(plan: Blueprint, policies: Mapping[str, Mapping[str, Any]]) -> Problems:
    """By field, what keeps the machine from standing in any of the groups; empty where it fits one.

    Of several groups that it does not fit, the one that it comes nearest to is told of.
    """
    found = [_against(plan, name, policy) for name, policy in policies.items()]
    return min(found, key=len, default={})


def _against(plan: Blueprint, name: str, policy: Mapping[str, Any]) -> Problems:
    sizes = [_between(plan, name, pair["min"], pair["max"]) for pair in policy.get("minmax", [])]
    found = min(sizes, key=len, default={})
    templates = policy.get("disk-templates")
    if templates is not None and plan.disk_template and plan.disk_template not in templates:
        allowed = ", ".join(str(spelled(template)) for template in templates)
        found["disk_template"] = f"{name} allows {allowed}. Choose one of them."
    return found


def _between(plan: Blueprint, name: str, least: Mapping[str, int], most: Mapping[str, int]) -> Problems:
    found: Problems = {}

    def check(field: str, value: int, key: str, words: Any, what: str) -> None:
        if key in most and value > most[key]:
            found.setdefault(field, f"{name} allows {words(most[key])}{what} at most. Ask for that or less.")
        elif key in least and value < least[key]:
            found.setdefault(field, f"{name} wants {words(least[key])}{what} at least.")

    check("memory_mib", plan.memory_mib, "memory-size", mib, "")
    if plan.memory_min_mib != plan.memory_mib:
        check("memory_min_mib", plan.memory_min_mib, "memory-size", mib, "")
    check("vcpus", plan.vcpus, "cpu-count", str, " vCPUs")
    check("disks", len(plan.disks), "disk-count", str, " disks")
    check("nics", len(plan.nics), "nic-count", str, " interfaces")
    for index, disk in enumerate(plan.disks):
        if not disk.adopt:
            check(f"disk-{index}-size_mib", disk.size_mib, "disk-size", mib, "")
    return found
