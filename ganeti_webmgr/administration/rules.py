"""A rule's conditions, between the fields of a form, words, and the predicates of Ganeti (reference, 2.4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ganeti_webmgr.jobs.models import QueueRule
from ganeti_webmgr.jobs.rules import LIMIT
from ganeti_webmgr.jobs.vocabulary import label
from ganeti_webmgr.ui.wording import words

NEW = ["jobid", [">", "id", "watermark"]]
EQUAL = ("=", "==")  # Ganeti takes both and gives back the second
SAID = {"PAUSE": "Holds back", "REJECT": "Turns away", "ACCEPT": "Lets pass", "CONTINUE": "Says nothing of"}


def predicates_of(*, operations: Sequence[str], reason: str, only_new: bool) -> list[Any]:
    """All that must be true of a job."""
    found: list[Any] = [NEW] if only_new else []
    if operations:
        either = [["=", "OP_ID", op] for op in operations]
        found.append(["opcode", either[0] if len(either) == 1 else ["|", *either]])
    if reason:
        found.append(["reason", ["=~", "reason", reason]])
    return found


def conditions(predicates: Sequence[Any]) -> dict[str, Any] | None:
    """The same from there; None where they say something that these fields cannot."""
    found: dict[str, Any] = {"operations": [], "reason": "", "only_new": False}
    for predicate in predicates:
        match predicate:
            case ["jobid", [">", "id", "watermark"]] if not found["only_new"]:
                found["only_new"] = True
            case ["opcode", ["|", *parts]] if not found["operations"] and all(map(_is_operation, parts)):
                found["operations"] = [part[2] for part in parts]
            case ["opcode", part] if not found["operations"] and _is_operation(part):
                found["operations"] = [part[2]]
            case ["reason", ["=~", "reason", str(text)]] if not found["reason"]:
                found["reason"] = text
            case _:
                return None
    return found


def _is_operation(part: Any) -> bool:
    return isinstance(part, list) and len(part) == 3 and part[0] in EQUAL and part[1] == "OP_ID"


def deed(rule: QueueRule) -> str:
    """What it does: "Holds back", "Lets 2 run at once of"."""
    if rule.kind == LIMIT:
        return f"Lets {rule.action[1]} run at once of"
    return SAID.get(rule.kind, rule.kind)


def about(rule: QueueRule) -> str:
    """Which jobs it is about, in words; as Ganeti has it where we have none."""
    known = conditions(rule.predicates)
    if known is None:
        return f"jobs that are like {json.dumps(rule.predicates)}"
    named = words(label(op) for op in known["operations"])
    said = [f"jobs that do: {named}" if named else "all jobs"]
    if known["reason"]:
        said.append(f"whose reason matches {known['reason']}")
    if known["only_new"]:
        said.append(f"asked for after job {rule.watermark}")
    return ", ".join(said)
