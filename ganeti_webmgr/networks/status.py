"""What is said of a network's state, in the words of the design language."""

from __future__ import annotations

from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.ui.state import State, moving

CONNECTED = State("good", "plug", "Connected")
UNCONNECTED = State("quiet", "plug-off", "Not connected")
MISSING = State("warn", "help-circle", "Not on the cluster", pill=True)


def state_of(network: Network, job: Job | None) -> State:
    """Whether machines can use it; while a job of it is open, what the job is doing to it."""
    if job:
        return moving(busy_word(job))
    if network.missing_since:
        return MISSING
    return CONNECTED if network.connections else UNCONNECTED
