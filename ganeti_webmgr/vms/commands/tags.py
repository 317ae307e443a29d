"""The tags of a machine."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.tagging import Tagged, Tagging, TagsCommand, Untagging
from ganeti_webmgr.vms.models import VirtualMachine


class OfMachines(TagsCommand[VirtualMachine], MachineCommand):
    tool = "gnt-instance"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        return client.instances


@dataclass(frozen=True, kw_only=True)
class RemoveTags(OfMachines, Untagging[VirtualMachine]):
    name = "remove-tags"


@dataclass(frozen=True, kw_only=True)
class AddTags(OfMachines, Tagging[VirtualMachine]):
    name = "add-tags"
    untagging = RemoveTags
