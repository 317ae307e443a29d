"""What reached a simulated cluster from here, without what is only asked of it now and then."""

from __future__ import annotations

from typing import Any

from ganeti_webmgr.simulator import SimulatedCluster

ASKED = "OS_DIAGNOSE"  # Ganeti answers the question for its systems with a job


def sent(ganeti: SimulatedCluster) -> list[Any]:
    """The jobs that are to change something."""
    return [job for job in ganeti.jobs if all(op.summary != ASKED for op in job.ops)]
