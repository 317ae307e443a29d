"""What an event changed, value by value, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions.vocabulary import ROLES
from ganeti_webmgr.ui import wording

LABELS = {
    "beparams": "Settings",
    "disk_mib": "Disk",
    "error": "Reason",
    "fingerprint": "Fingerprint",
    "follows": "After",
    "format": "As",
    "hvparams": "Hypervisor settings",
    "kind": "Kind",
    "member_role": "Members are",
    "memory_mib": "Memory",
    "over_quota": "Over the quota",
    "running_only": "Only running machines count",
    "size_mib": "Size",
    "stale": "Former tags",
    "timeout_s": "Time limit",
    "to": "For",
    "url": "Address",
    "username": "User",
    "vcpus": "vCPU",
    "verified_by": "Verified by",
}
LIMITS = {"memory_mib", "vcpus", "disk_mib", "machines"}
ROLE_LABELS = {name: role.label for roles in ROLES.values() for name, role in roles.items()}
WHOM = ("to", "person", "cluster")  # said even where only the rest has changed
IN_THE_LABEL = {"command", "verb", "status", "began", "outcome"}  # what the words of a job say already


@dataclass(frozen=True)
class Change:
    """One value before and after; empty where there was or is none."""

    label: str
    before: str
    after: str


def changes(event: Event) -> list[Change]:
    """What was changed; what is the same on both sides is left out."""
    before, after = _named(event.before), _named(event.after)
    hidden = IN_THE_LABEL if event.action.startswith("job.") else set()
    if all(side.get("role") for side in (before, after) if side):
        hidden = hidden | {"permissions"}  # the role says them
    whom = [name for name in WHOM if name in after]
    names = [name for name in {**after, **before} if name not in {*hidden, *whom}]
    found = [Change(label(name), _said(name, before, event), _said(name, after, event)) for name in names]
    told = [Change(label(name), "", _said(name, after, event)) for name in whom]
    return told + [change for change in found if change.before != change.after]


def label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _named(values: Any) -> dict[str, Any]:
    if values is None:
        return {}
    return values if isinstance(values, dict) else {"value": values}


def _said(name: str, side: dict[str, Any], event: Event) -> str:
    if name not in side:
        return ""
    value = side[name]
    if value is None and name in LIMITS and event.action.startswith("quota."):
        return "no limit"
    if value in (None, "", [], {}):
        return ""
    known, in_words = IN_WORDS.get(name, (object, wording.setting))
    return in_words(value) if isinstance(value, known) else wording.setting(value)


def _role(name: str) -> str:
    return ROLE_LABELS.get(name, name)


def _moment(text: str) -> str:
    try:
        at = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{at.day} {at:%b %Y %H:%M}"


# How a value is said that has the type it should have: nothing that was recorded can be mended.
IN_WORDS: dict[str, tuple[type, Callable[[Any], str]]] = {
    "disk_mib": (int, wording.mib),
    "member_role": (str, _role),
    "memory_mib": (int, wording.mib),
    "role": (str, _role),
    "size_mib": (int, wording.mib),
    "timeout_s": (int, wording.duration),
    "until": (str, _moment),
}
