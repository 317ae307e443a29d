"""What can be done to a virtual machine, in Ganeti's words: one module for each idea."""

from __future__ import annotations

from ganeti_webmgr.vms.commands.change import Modify
from ganeti_webmgr.vms.commands.lifecycle import Reinstall, Remove, Rename
from ganeti_webmgr.vms.commands.movement import Export, FailOver, Migrate, PrepareExport
from ganeti_webmgr.vms.commands.ownership import ForgetOwner, SayOwner
from ganeti_webmgr.vms.commands.power import DEFAULT_TIMEOUT_S, ForceStop, Restart, ShutDown, Start
from ganeti_webmgr.vms.commands.settings import SetOffline, SetOnline
from ganeti_webmgr.vms.commands.storage import (
    ActivateDisks,
    ConvertDisks,
    DeactivateDisks,
    GrowDisk,
    RecreateDisks,
    ReplaceDisks,
)
from ganeti_webmgr.vms.commands.tags import AddTags, RemoveTags

__all__ = [
    "DEFAULT_TIMEOUT_S",
    "ActivateDisks",
    "AddTags",
    "ConvertDisks",
    "DeactivateDisks",
    "Export",
    "FailOver",
    "ForceStop",
    "ForgetOwner",
    "GrowDisk",
    "Migrate",
    "Modify",
    "PrepareExport",
    "RecreateDisks",
    "Reinstall",
    "Remove",
    "RemoveTags",
    "Rename",
    "ReplaceDisks",
    "Restart",
    "SayOwner",
    "SetOffline",
    "SetOnline",
    "ShutDown",
    "Start",
]
