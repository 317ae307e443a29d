"""What was typed against what is: the difference, as a table and as what Ganeti is sent."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.administration.settings import Info, Setting, settings
from ganeti_webmgr.ui.wording import setting as worded
from ganeti_webmgr.vms.hypervisors import told

CHANGED_LISTS = ("hidden_os", "blacklisted_os")  # are sent as what comes and what goes

# Where the option of `gnt-cluster modify` is not the setting's name with dashes.
FLAGS = {
    "hvparams": "-H",
    "beparams": "-B",
    "nicparams": "-N",
    "ndparams": "--node-parameters",
    "diskparams": "-D",
    "drbd_helper": "--drbd-usermode-helper",
    "default_iallocator": "-I",
    "hidden_os": "--hidden-os",
    "blacklisted_os": "--blacklisted-os",
}


@dataclass(frozen=True)
class Change:
    """One line of the table."""

    section: str
    title: str
    now: str
    then: str


def table(info: Info, wanted: Mapping[str, Any]) -> list[Change]:
    """The lines, by the values that are wanted under the keys of settings."""
    return [
        Change(each.section, each.title, shown(each.now), shown(wanted[each.key]))
        for each in settings(info)
        if each.key in wanted
    ]


def shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else worded(value)


def body(info: Info, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What `/2/modify` is sent (reference, 2.1): bounds of the policy are sent as a whole (6.5)."""
    found: dict[str, Any] = {}
    for each in settings(info):
        if each.key not in wanted:
            continue
        *way, name = each.path
        value = wanted[each.key]
        if way in (["ipolicy", "min"], ["ipolicy", "max"]):
            policy = found.setdefault("ipolicy", {})
            pairs = policy.setdefault("minmax", copy.deepcopy(info["ipolicy"]["minmax"]))
            pairs[0][way[1]][name] = value
            continue
        if name in CHANGED_LISTS:
            value = _moves(each.now, value)
        into = found
        for step in way:
            into = into.setdefault(step, {})
        into[name] = value
    return found


def _moves(now: Iterable[str], then: Iterable[str]) -> list[list[str]]:
    old, new = list(now), list(then)
    return [
        *(["add", name] for name in new if name not in old),
        *(["remove", name] for name in old if name not in new),
    ]


def line(sent: Mapping[str, Any]) -> str:
    """The command line that does the same."""
    words = ["gnt-cluster modify"]
    for name, value in sent.items():
        flag = FLAGS.get(name, f"--{name.replace('_', '-')}")
        if name == "ipolicy":
            words += _policy_words(value)
        elif name in ("hvparams", "diskparams"):
            words += [f"{flag} {shlex.quote(f'{of}:{_pairs(params)}')}" for of, params in value.items()]
        elif isinstance(value, Mapping):
            words.append(f"{flag} {shlex.quote(_pairs(value))}")
        elif name in CHANGED_LISTS:
            moves = ",".join(f"{'+' if move == 'add' else '-'}{system}" for move, system in value)
            words.append(f"{flag}={shlex.quote(moves)}")
        elif isinstance(value, bool):
            words.append(f"{flag}={'yes' if value else 'no'}")
        else:
            text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
            words.append(f"{flag}={shlex.quote(text)}")
    return " ".join(words)


def _policy_words(policy: Mapping[str, Any]) -> list[str]:
    words = []
    for name, value in policy.items():
        if name == "minmax":
            ends = "/".join(f"{end}:{_pairs(pair[end])}" for pair in value for end in ("min", "max"))
            words.append(f"--ipolicy-bounds-specs {shlex.quote(ends)}")
        elif name == "std":
            words.append(f"--ipolicy-std-specs {shlex.quote(_pairs(value))}")
        else:
            text = ",".join(value) if isinstance(value, list) else str(value)
            words.append(f"--ipolicy-{name}={shlex.quote(text)}")
    return words


def _pairs(values: Mapping[str, Any]) -> str:
    return ",".join(f"{name}={told(value)}" for name, value in sorted(values.items()))


def differing(found: Iterable[Setting], typed: Mapping[str, Any]) -> dict[str, Any]:
    """By key, the values that were typed and are not so already."""
    return {each.key: typed[each.key] for each in found if each.key in typed and typed[each.key] != each.now}
