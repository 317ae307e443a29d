"""What is said of a job's state, in the words of the design language."""

from __future__ import annotations

from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.ui.state import State

ON_THE_CLUSTER = {
    "queued": State("quiet", "stack-2", "Queued"),
    "waiting": State("quiet", "clock", "Waiting"),
    "running": State("busy", "loader-2", "Running"),
    "canceling": State("busy", "loader-2", "Cancelling"),
}
HERE = {
    Status.REQUESTED: State("quiet", "clock", "Being sent"),
    Status.UNKNOWN: State("warn", "help-circle", "Outcome unknown", pill=True),
    Status.RUNNING: State("busy", "loader-2", "Running"),
    Status.DONE: State("good", "circle-check-filled", "Done"),
    Status.FAILED: State("bad", "circle-x-filled", "Failed", pill=True),
    Status.CANCELLED: State("quiet", "ban", "Cancelled"),
}
WARNED = State("warn", "alert-triangle-filled", "Done with warnings", pill=True)


def state_of(job: Job) -> State:
    """The job's state."""
    status = Status(job.status)
    if status == Status.DONE and job.warnings:
        return WARNED
    if status == Status.RUNNING:
        return ON_THE_CLUSTER.get(job.ganeti_status, HERE[status])
    return HERE[status]
