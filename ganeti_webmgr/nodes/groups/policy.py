"""How much a machine may have in a group: Ganeti's instance policy, with the source of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.jobs.inherited import Inherited
from ganeti_webmgr.ui.wording import mib, spelled, words

SIZES = {"memory-size": "Memory", "disk-size": "One disk"}
SPECS = {
    "memory-size": "Memory",
    "cpu-count": "vCPUs",
    "disk-size": "One disk",
    "disk-count": "Disks",
    "nic-count": "Network interfaces",
    "spindle-use": "Spindles used",
}
RATIOS = (
    Inherited("vcpu-ratio", "float", "vCPUs for each core of a node", least=1),
    Inherited("spindle-ratio", "float", "Spindles used for each of a node", least=1),
)
GROUP, CLUSTER = "this group", "the cluster"


@dataclass(frozen=True)
class Bound:
    """One line: what a machine has at least, as a rule, and at most."""

    title: str
    least: str
    rule: str
    most: str


@dataclass(frozen=True)
class Fact:
    title: str
    value: str
    source: str
    is_own: bool


@dataclass(frozen=True)
class Policy:
    bounds: list[Bound]
    source: str  # of the bounds, which are set all together
    is_own: bool
    facts: list[Fact]


def policy_of(group: NodeGroup) -> Policy:
    """The policy that is in force in the group."""
    filled, own = filled_policy(group), own_policy(group)
    pairs, rule = filled.get("minmax") or [], filled.get("std") or {}
    bounds = [
        Bound(
            title,
            least=_each(pairs, "min", key),
            rule=say(key, rule.get(key)),
            most=_each(pairs, "max", key),
        )
        for key, title in SPECS.items()
    ]
    facts = [_fact("disk-templates", "Kinds of disk", kinds(filled.get("disk-templates") or []), own)]
    facts += [_fact(ratio.name, ratio.title, f"{filled.get(ratio.name, 0):g}", own) for ratio in RATIOS]
    return Policy(bounds, GROUP if "minmax" in own else CLUSTER, "minmax" in own, facts)


def filled_policy(group: NodeGroup) -> dict[str, Any]:
    """What is in force."""
    return group.details.get("ipolicy") or {}


def own_policy(group: NodeGroup) -> dict[str, Any]:
    """What is set on the group itself."""
    return group.details.get("custom_ipolicy") or {}


def policy_above(group: NodeGroup) -> dict[str, Any]:
    """What would be in force if nothing were set on the group."""
    return group.cluster.info.get("ipolicy") or filled_policy(group)


def say(key: str, value: Any) -> str:
    """A limit in words: "32 GiB", "8"."""
    if value is None:
        return "–"
    return mib(value) if key in SIZES else str(value)


def _each(pairs: list[dict[str, Any]], bound: str, key: str) -> str:
    """Of several ranges, that of each: a machine must fit into one of them."""
    return " or ".join(dict.fromkeys(say(key, pair.get(bound, {}).get(key)) for pair in pairs)) or "–"


def kinds(names: list[str]) -> str:
    """Kinds of disk in words: "DRBD and plain"."""
    return words(spelled(name) for name in names) or "none"


def _fact(name: str, title: str, value: str, own: dict[str, Any]) -> Fact:
    return Fact(title, value, GROUP if name in own else CLUSTER, name in own)
