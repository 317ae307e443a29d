"""What can be done to a node, in Ganeti's words: one module for each idea."""

from __future__ import annotations

from ganeti_webmgr.nodes.commands.change import ChangeNode
from ganeti_webmgr.nodes.commands.emptying import EvacuatePrimaries, EvacuateSecondaries, MigrateAway
from ganeti_webmgr.nodes.commands.power import PowerCycle
from ganeti_webmgr.nodes.commands.roles import BringBack, ChangeRole, Drain, TakeOffline
from ganeti_webmgr.nodes.commands.storage import ModifyStorage, ReadStorage, RepairStorage
from ganeti_webmgr.nodes.commands.tags import TagNode, UntagNode

__all__ = [
    "BringBack",
    "ChangeNode",
    "ChangeRole",
    "Drain",
    "EvacuatePrimaries",
    "EvacuateSecondaries",
    "MigrateAway",
    "ModifyStorage",
    "PowerCycle",
    "ReadStorage",
    "RepairStorage",
    "TagNode",
    "TakeOffline",
    "UntagNode",
]
