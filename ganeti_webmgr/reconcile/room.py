"""What projects would have on clusters, as machines are given to them one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.models import DefaultQuota, Limits, Project, Quota
from ganeti_webmgr.permissions.quota import Change, Size, compared, size_of, taken
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import Owner

Place = tuple[Owner, Cluster]


@dataclass
class Room:
    """Use and limits of these owners on these clusters; as many queries for many as for one."""

    owners: set[Owner]
    clusters: set[Cluster]
    given: dict[Place, Size] = field(default_factory=dict)

    def __post_init__(self) -> None:
        projects = [owner.pk for owner in self.owners if isinstance(owner, Project)]
        there = Q(cluster__in=[cluster.pk for cluster in self.clusters])
        self._used = taken(
            machines=there & Q(owner__in=projects),
            jobs=there & Q(project__in=projects),
            by=(F("owner"), F("cluster")),
            by_job=(F("project"), F("cluster")),
        )
        quotas = Quota.objects.filter(there, project__in=projects)
        self._own = {(quota.project_id, quota.cluster_id): quota for quota in quotas}
        self._defaults = {quota.cluster_id: quota for quota in DefaultQuota.objects.filter(there)}

    def lack(self, owner: Owner, vm: VirtualMachine, *, may_go_over: bool = False) -> str:
        """What the owner would have too much of with this one more, in words; else it is given to him."""
        place: Place = (owner, vm.cluster)
        default = self._defaults.get(vm.cluster_id)
        more = size_of(vm, running_only=bool(default and default.running_only))
        whole = self.given.get(place, Size()) + more
        over = [
            change.after
            for change in self._compared(place, whole)
            if change.too_much and getattr(more, change.after.name)
        ]
        if over and not may_go_over:
            told = " and ".join(f"{line.text} {line.label}" for line in over)
            return f"{owner} would have {told} on {vm.cluster}"
        self.given[place] = whole
        return ""

    def changes(self) -> Iterator[tuple[str, list[Change]]]:
        """For each owner and cluster that get some, the quota before and after."""
        for place, more in sorted(self.given.items(), key=lambda item: tuple(map(str, item[0]))):
            yield f"{place[0]} on {place[1]}", self._compared(place, more)

    def _compared(self, place: Place, more: Size) -> list[Change]:
        owner, cluster = place
        key = (owner.pk if isinstance(owner, Project) else 0, cluster.pk)
        limits: Limits | None = self._own.get(key) or self._defaults.get(cluster.pk)
        return compared(self._used.get(key, Size()), more, limits)


def room_for(owners: Iterable[Owner], vms: Iterable[VirtualMachine]) -> Room:
    """The room that these owners have where these machines stand."""
    return Room(set(owners), {vm.cluster for vm in vms})
