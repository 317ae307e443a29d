"""Whose a machine is, as a tag on it in Ganeti."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.commands import MachineCommand


@dataclass(frozen=True, kw_only=True)
class SayOwner(MachineCommand):
    """Writes the owner's tag on the machine, so that ownership can be rebuilt from Ganeti alone."""

    name = "say-owner"
    label = "Note owner"
    busy = "Changing"
    icon = "tag"
    permission = "admin"

    tag: str
    stale: tuple[str, ...] = ()

    def then(self) -> MachineCommand | None:
        return ForgetOwner(tags=self.stale) if self.stale else None

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.add_tags(target, [self.tag], reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance add-tags {target} {self.tag}"


@dataclass(frozen=True, kw_only=True)
class ForgetOwner(MachineCommand):
    """Takes the tags of former owners away."""

    name = "forget-owner"
    label = "Remove tag of former owner"
    busy = "Changing"
    icon = "tag"
    permission = "admin"

    tags: tuple[str, ...]

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.instances.remove_tags(target, self.tags, reason=reason)

    def line(self, target: str) -> str:
        return f"gnt-instance remove-tags {target} {' '.join(self.tags)}"
