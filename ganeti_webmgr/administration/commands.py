"""What can be done to a cluster as a whole, and to the rules of its job queue."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ganeti_webmgr import rapi
from ganeti_webmgr.administration import changes
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.schedule import hurry
from ganeti_webmgr.jobs.commands import Command

if TYPE_CHECKING:
    from ganeti_webmgr.jobs.models import Job
    from ganeti_webmgr.rapi.cluster import ClusterChanges


@dataclass(frozen=True, kw_only=True)
class ModifyCluster(Command[Cluster]):
    """Changes settings; `changes` is what `/2/modify` is sent (reference, 2.1)."""

    name = "modify-cluster"
    label = "Change settings"
    linked = "of"
    busy = "Changing"
    icon = "adjustments"
    permission = "admin"

    changes: Mapping[str, Any]

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.cluster.modify(cast("ClusterChanges", self.changes), reason=reason)

    def line(self, target: str) -> str:
        return changes.line(self.changes)

    def ended(self, job: Job) -> None:
        hurry(job.cluster_id, "cluster")


@dataclass(frozen=True, kw_only=True)
class RedistributeConfig(Command[Cluster]):
    """Writes the configuration to all nodes once more."""

    name = "redistribute-config"
    label = "Redistribute the configuration"
    linked = "of"
    busy = "Redistributing the configuration"
    icon = "refresh"
    permission = "operate"

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        return client.cluster.redistribute_config(reason=reason)

    def line(self, target: str) -> str:
        return "gnt-cluster redist-conf"


class OnRules(Command[Cluster]):
    """A change of the queue's rules: done at once, with no job of Ganeti."""

    permission = "operate"
    is_immediate = True

    def ended(self, job: Job) -> None:
        hurry(job.cluster_id, "rules")


@dataclass(frozen=True, kw_only=True)
class AddRule(OnRules):
    """A rule under a number of our own, so that it may be sent twice (reference, 2.4)."""

    name = "add-rule"
    label = "Add a rule"
    linked = "to the job queue of"
    busy = "Changing its queue"
    icon = "filter"

    uuid: str
    action: str | Sequence[Any]
    predicates: Sequence[Any] = ()
    priority: int = 0
    said: str = ""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> None:
        action = self.action if isinstance(self.action, str) else (str(self.action[0]), int(self.action[1]))
        now = time.time_ns()
        trail = [["gnt:user", reason, now], ["gnt:user", self.said, now]]
        client.filters.replace(
            self.uuid, action=action, predicates=self.predicates, priority=self.priority, reason=trail
        )

    def line(self, target: str) -> str:
        action = self.action if isinstance(self.action, str) else " ".join(map(str, self.action))
        given = json.dumps(self.predicates)
        return (
            f"gnt-filter replace --priority={self.priority} --action={shlex.quote(action)} "
            f"--predicates={shlex.quote(given)} --reason={shlex.quote(self.said)} {self.uuid}"
        )


@dataclass(frozen=True, kw_only=True)
class ChangeRule(AddRule):
    """The same for a rule that is there."""

    name = "change-rule"
    label = "Change a rule"
    linked = "of the job queue of"


@dataclass(frozen=True, kw_only=True)
class RemoveRule(OnRules):
    """Jobs that it held back go on."""

    name = "remove-rule"
    label = "Remove a rule"
    linked = "from the job queue of"
    busy = "Changing its queue"
    icon = "filter-off"

    uuid: str

    def send(self, client: rapi.Client, *, target: str, reason: str) -> None:
        if self.uuid in client.filters.uuids():  # of one that is gone, Ganeti makes an error (reference, 2.4)
            client.filters.delete(self.uuid)

    def line(self, target: str) -> str:
        return f"gnt-filter delete {self.uuid}"
