"""Nodes for views: found by address, and with what may be done to them."""

from __future__ import annotations

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.acting import Action
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.loading import get_named

# What stands in the menu of a node, in groups; the rest is in the card of its storage.
MENU = (
    ("bring-back", "drain", "offline", "role"),
    ("migrate", "evacuate-primaries", "evacuate-secondaries"),
    ("change", "tags"),
    ("power-cycle",),
)
ON_STORAGE = ("read-storage", "modify-storage", "repair-storage")
AWAY = (Node.Role.DRAINED, Node.Role.OFFLINE)


def find_node(user: User, slug: str, name: str) -> Node:
    """The node of that name; Http404 where none is to be seen."""
    rows = Node.objects.select_related("cluster", "group__cluster").filter(cluster__slug=slug)
    return get_named(user, rows, name)


def beside(node: Node) -> str:
    """The word of what is likely meant now."""
    return "bring-back" if node.role in AWAY else "drain"


def menu(node: Node, found: dict[str, Action]) -> list[list[Action]]:
    """The groups of the node's menu, without what stands beside it and what cannot be meant."""
    left_out = {beside(node), "role"} if node.role in AWAY else {"bring-back", "drain"}
    return [[found[verb] for verb in group if verb not in left_out] for group in MENU]
