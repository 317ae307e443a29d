"""What is said of a machine's state, in the words of the design language."""

from __future__ import annotations

from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.ui.state import State, moving
from ganeti_webmgr.vms.models import VirtualMachine

# Ganeti's words: reference, section 12.
STATES = {
    "running": State("good", "player-play-filled", "Running"),
    "ADMIN_down": State("quiet", "player-stop-filled", "Stopped"),
    "USER_down": State("quiet", "power", "Stopped from inside"),
    "ADMIN_offline": State("lock", "circle-off", "Set offline"),
    "ERROR_up": State("bad", "alert-triangle-filled", "Running, should be stopped", pill=True),
    "ERROR_down": State("bad", "alert-triangle-filled", "Down, should be running", pill=True),
    "ERROR_wrongnode": State("bad", "arrows-split", "On the wrong node", pill=True),
    "ERROR_nodedown": State("bad", "plug-connected-x", "Node down", pill=True),
    "ERROR_nodeoffline": State("bad", "plug-connected-x", "Node offline", pill=True),
}
MISSING = State("warn", "help-circle", "Not on the cluster", pill=True)


def state_of(vm: VirtualMachine, job: Job | None) -> State:
    """The machine's state; while a job of it is open, what the job is doing to it."""
    if job:
        return moving(busy_word(job))
    if vm.missing_since:
        return MISSING
    return STATES.get(vm.status, State("warn", "help-circle", vm.status or "Unknown", pill=True))
