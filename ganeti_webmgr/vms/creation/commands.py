"""Making machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import Command, ForMany, MachineCommand
from ganeti_webmgr.jobs.models import CREATE, Job, Status
from ganeti_webmgr.permissions.quota import Size
from ganeti_webmgr.vms.creation.arrival import welcome_for
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.spec import command_line, instance_spec
from ganeti_webmgr.vms.hidden import unsealed


@dataclass(frozen=True, kw_only=True)
class CreateMachine(Blueprint, MachineCommand):
    """Makes a machine that is not there yet."""

    name = CREATE
    label = "Create"
    busy = "Creating"
    icon = "plus"
    permission = "create_vm"
    again = "vms:new"

    owner_tag: str = ""

    @property
    def takes(self) -> Size:
        return self.size

    def ended(self, job: Job) -> None:
        if job.status in {Status.DONE, Status.FAILED}:
            welcome_for(job)

    @property
    def spec_tags(self) -> tuple[str, ...]:
        """The tags of the machine with its owner's: so that ownership can be rebuilt from Ganeti alone."""
        return tuple(filter(None, (self.owner_tag, *self.tags)))

    def spec(self, name: str) -> rapi.InstanceSpec:
        """What is sent, with what nobody may read in it."""
        return instance_spec(self, name=name, tags=self.spec_tags, hidden=unsealed(self.sealed))

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.create(self.spec(target), reason=reason)

    def line(self, target: str) -> str:
        return command_line(self, name=target, tags=self.spec_tags)


@dataclass(frozen=True, kw_only=True)
class PlaceMachines(ForMany):
    """Has an allocator find places for several machines in one step; a job for each then makes it."""

    name = "place"
    label = "Place"
    busy = "Placing"
    icon = "stack-2"
    permission = "create_vm"

    allocator: str = ""  # empty: the cluster's own

    def send_all(self, client: rapi.Client, parts: Mapping[str, Command[Any]], *, reason: str) -> int:
        # They may not name the allocator themselves.
        specs = [
            part.spec(name).model_copy(update={"iallocator": None})
            for name, part in parts.items()
            if isinstance(part, CreateMachine)
        ]
        return client.instances.create_many(specs, iallocator=self.allocator or None, reason=reason)

    def line(self, target: str) -> str:
        chosen = f" -I {self.allocator}" if self.allocator else ""
        return f"gnt-instance batch-create{chosen} machines.json"


@dataclass(frozen=True, kw_only=True)
class CheckMachine(CreateMachine):
    """Has Ganeti say whether it would make the machine, and where; nothing is made."""

    name = "check-creation"
    label = "Check"
    busy = "Checking"
    icon = "list-check"

    @property
    def takes(self) -> Size:
        return Size()

    def ended(self, job: Job) -> None:
        """Nothing was made."""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.create(self.spec(target), dry_run=True, reason=reason)

    def line(self, target: str) -> str:
        return f"{super().line(target)} \\\n  --dry-run"
