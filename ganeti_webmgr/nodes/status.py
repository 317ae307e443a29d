"""What is said of a node's state, in the words of the design language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.state import State

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine

ONLINE = State("good", "circle-check-filled", "Online")
STATES = {
    Node.Role.DRAINED: State("warn", "droplet-off", "Drained", pill=True),
    Node.Role.OFFLINE: State("bad", "plug-connected-x", "Offline", pill=True),
}
MISSING = State("warn", "help-circle", "Not on the cluster", pill=True)
RUNNING = State("good", "player-play-filled", "Running")
STOPPED = State("quiet", "player-stop-filled", "Stopped")
SET_OFFLINE = State("lock", "circle-off", "Set offline")
IN_ERROR = State("bad", "alert-triangle-filled", "In error")


def state_of(node: Node) -> State:
    """The node's state, apart from its role."""
    return MISSING if node.missing_since else STATES.get(Node.Role(node.role), ONLINE)


def state_of_machine(vm: VirtualMachine) -> State:
    """The state of a machine in short, for lists where its own page is one step away."""
    if vm.status.startswith("ERROR_"):
        return IN_ERROR
    if vm.status == "ADMIN_offline":
        return SET_OFFLINE
    return RUNNING if vm.oper_state else STOPPED
