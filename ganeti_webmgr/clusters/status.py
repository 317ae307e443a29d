"""What is said of a cluster's state, in the words of the design language."""

from __future__ import annotations

from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.ui.state import State

ANSWERING = State("good", "circle-check-filled", "Answering")
READ_ONLY = State("lock", "eye", "Read-only")
PAUSED = State("lock", "player-pause", "Paused")
NEW = State("busy", "loader-2", "Being read")
TROUBLE = {
    Trouble.UNREACHABLE: State("warn", "clock-exclamation", "Not answering", pill=True),
    Trouble.CERTIFICATE: State("bad", "certificate", "Other certificate", pill=True),
    Trouble.CREDENTIALS: State("warn", "lock", "Password refused", pill=True),
    Trouble.ANSWER: State("bad", "alert-triangle-filled", "Answers nonsense", pill=True),
}


def state_of(cluster: Cluster) -> State:
    """Whether the cluster answers, and what may be done there."""
    if cluster.paused:
        return PAUSED
    if cluster.trouble:
        return TROUBLE[Trouble(cluster.trouble)]
    if not cluster.uuid:
        return NEW
    return READ_ONLY if cluster.read_only else ANSWERING
