"""What is said of one machine among many."""

from __future__ import annotations

from ganeti_webmgr.bulk.models import Part
from ganeti_webmgr.jobs.status import state_of
from ganeti_webmgr.ui.state import State

STATES = {
    Part.Status.CHOSEN: State("quiet", "check", "Chosen"),
    Part.Status.WAITING: State("quiet", "clock", "Waits for its turn"),
    Part.Status.REFUSED: State("bad", "hand-stop", "Refused", pill=True),
    Part.Status.SKIPPED: State("quiet", "ban", "Skipped"),
    Part.Status.ASKED: State("quiet", "send", "Asked for"),
}


def result_of(part: Part) -> State:
    """The state of its job, or why there is none."""
    return state_of(part.job) if part.job else STATES[Part.Status(part.status)]
