"""What is said of a node's state, in the words of the design language."""

from __future__ import annotations

from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.state import State

ONLINE = State("good", "circle-check-filled", "Online")
STATES = {
    Node.Role.DRAINED: State("warn", "droplet-off", "Drained", pill=True),
    Node.Role.OFFLINE: State("bad", "plug-connected-x", "Offline", pill=True),
}
MISSING = State("warn", "help-circle", "Not on the cluster", pill=True)


def state_of(node: Node) -> State:
    """The node's state, apart from its role."""
    return MISSING if node.missing_since else STATES.get(Node.Role(node.role), ONLINE)
