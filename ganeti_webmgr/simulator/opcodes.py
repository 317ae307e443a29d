"""Opcodes as the remote API takes them: which parameters there are, of which type, with which default."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from .parameter_types import fits

_COMMON = {
    "debug_level": ("nat?", 0),
    "priority": ("one of -10|0|10", 0),
    "depends": ("depends?", None),
    "comment": ("str?", None),
}
_DATA: dict[str, Any] = json.loads(
    files("ganeti_webmgr.simulator").joinpath("data/opcodes.json").read_text("utf-8")
)
_NO_SUBJECT = frozenset({"OP_INSTANCE_RENAME", "OP_GROUP_RENAME", "OP_NETWORK_RENAME"})
_SECRET = frozenset({"osparams_private", "osparams_secret", "osparams_private_cluster"})
_SINCE_3_1 = {
    ("OP_INSTANCE_CREATE", "name_check"): False,
    ("OP_INSTANCE_CREATE", "ip_check"): False,
    ("OP_INSTANCE_RENAME", "name_check"): False,
    ("OP_INSTANCE_RENAME", "ip_check"): False,
    ("OP_INSTANCE_SET_PARAMS", "hotplug"): True,
}


class BadParameters(Exception):
    """Not a valid opcode; the message is what the remote API says after "Invalid body parameters: "."""


@dataclass(frozen=True, kw_only=True)
class Opcode:
    """A valid opcode with all defaults filled in."""

    op_id: str
    common: dict[str, Any]
    params: dict[str, Any]
    reason: list[list[Any]] = field(default_factory=list)

    def summary(self) -> str:
        about = _DATA[self.op_id]["about"]
        if about is None or self.op_id in _NO_SUBJECT:
            return self.op_id[3:]
        return f"{self.op_id[3:]}({self.params[about]})"

    def stored(self) -> dict[str, Any]:
        """As the job keeps it: without what is not set, and without secrets."""
        kept = {name: value for name, value in self.params.items() if value is not None}
        for name in _SECRET & kept.keys():
            kept[name] = dict.fromkeys(kept[name])
        return {**self.common, "reason": [list(entry) for entry in self.reason], "OP_ID": self.op_id, **kept}


def build(op_id: str, given: dict[str, Any], *, release: tuple[int, int], reason: list[list[Any]]) -> Opcode:
    """The opcode, or BadParameters in Ganeti's words."""
    known = known_parameters(op_id, release)
    for name in given:
        if name not in known and name not in _COMMON and name != "dry_run":
            raise BadParameters(f"Object {class_name(op_id)} doesn't support the parameter '{name}'")
    params = {name: given.get(name, default) for name, (_, default) in known.items()}
    for name, (kind, _) in known.items():
        _require(fits(params[name], kind), op_id, name)
    return Opcode(op_id=op_id, common=_common(op_id, given), params=params, reason=reason)


def known_parameters(op_id: str, release: tuple[int, int]) -> dict[str, tuple[str, Any]]:
    """Type and default of each parameter in that release of Ganeti."""
    known = {name: (kind, default) for name, (kind, default) in _DATA[op_id]["params"].items()}
    if release >= (3, 1):
        known.pop("hotplug_if_possible", None)
        for (owner, name), default in _SINCE_3_1.items():
            if owner == op_id:
                known[name] = (known[name][0], default)
    return known


def class_name(op_id: str) -> str:
    return "".join(part.capitalize() for part in op_id.split("_"))


def _common(op_id: str, given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if given.get("dry_run") is not None:
        _require(isinstance(given["dry_run"], bool), op_id, "dry_run")
        found["dry_run"] = given["dry_run"]
    for name, (kind, default) in _COMMON.items():
        value = given.get(name, default)
        _require(fits(value, kind), op_id, name)
        found[name] = default if value is None else value
    return found


def _require(fitting: bool, op_id: str, name: str) -> None:
    if not fitting:
        raise BadParameters(f"(\"Parameter '{op_id}.{name}' fails validation\", 'wrong_input')")
