"""How a state is shown: a word, a colour and an icon, always together."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class State:
    """One line of the status vocabulary; a pill where somebody must look or it is moving."""

    tone: str  # good, busy, warn, bad, quiet, lock
    icon: str
    label: str
    pill: bool = False

    def named(self, label: str) -> State:
        """The same state in other words."""
        return replace(self, label=label)


def moving(label: str) -> State:
    """The state of an object that a job is changing."""
    return State("busy", "loader-2", label, pill=True)
