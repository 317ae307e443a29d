"""The machines by their state, as parts of one bar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

KINDS = (
    ("running", "good", "running", "running"),
    ("stopped", "quiet", "stopped", ""),
    ("wrong", "bad", "not as they should be", "problem"),
)


@dataclass(frozen=True)
class Share:
    """One state: how many machines, and where its part of the bar begins and how long it is, in percent."""

    tone: str
    label: str
    number: int
    begins: str
    width: str
    url: str


def shares(machines: Counter[str]) -> list[Share]:
    """The states that there are; none where there is no machine."""
    whole = sum(machines[name] for name, *_ in KINDS)
    found, before = [], 0
    for name, tone, label, status in KINDS:
        number = machines[name]
        if number:
            url = f"{reverse('vms:index')}?status={status}" if status else ""
            found.append(
                Share(tone, label, number, f"{100 * before / whole:.2f}", f"{100 * number / whole:.2f}", url)
            )
        before += number
    return found
