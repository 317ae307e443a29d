"""What a step found, as it is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, KNOW, SOLVE = "good", "warn", "bad"
ICONS = {GOOD: "circle-check", KNOW: "alert-triangle", SOLVE: "circle-x"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What to think of one thing, and what to do where something is to be done."""

    title: str
    text: str = ""
    advice: str = ""
    command: str = ""
    tone: str = GOOD
    stops: bool = False  # nothing can be done with the cluster before that is solved
    fingerprint: str = ""  # offered to be trusted


def good(title: str, text: str = "") -> Finding:
    return Finding(title=title, text=text)


def know(title: str, advice: str, *, command: str = "", fingerprint: str = "") -> Finding:
    return Finding(title=title, advice=advice, command=command, tone=KNOW, fingerprint=fingerprint)


class Stop(Exception):
    """A step after which no other makes sense."""

    def __init__(self, title: str, advice: str, *, command: str = "", fingerprint: str = "") -> None:
        super().__init__(title)
        self.finding = Finding(
            title=title, advice=advice, command=command, tone=SOLVE, stops=True, fingerprint=fingerprint
        )
