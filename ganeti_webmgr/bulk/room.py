"""What still fits into the quotas of many machines' projects, one machine after the other."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from ganeti_webmgr.permissions.models import DefaultQuota, Limits, Quota
from ganeti_webmgr.permissions.quota import Size, measured, taken, told
from ganeti_webmgr.vms.models import VirtualMachine

Place = tuple[int, int]  # a project and a cluster


class Room:
    """The quotas of the machines' projects, with what is promised to those that were looked at before."""

    def __init__(self, vms: Iterable[VirtualMachine]) -> None:
        places = {(vm.owner_id, vm.cluster_id) for vm in vms if vm.owner_id}
        owners, clusters = {owner for owner, _ in places}, {cluster for _, cluster in places}
        there = Q(cluster__in=clusters)
        self._used = taken(
            machines=there & Q(owner__in=owners),
            jobs=there & Q(project__in=owners),
            by=(F("owner"), F("cluster")),
            by_job=(F("project"), F("cluster")),
        )
        own = Quota.objects.filter(project__in=owners, cluster__in=clusters)
        self._own: dict[Place, Limits] = {(row.project_id, row.cluster_id): row for row in own}
        defaults = DefaultQuota.objects.filter(cluster__in=clusters)
        self._defaults: dict[int, Limits] = {row.cluster_id: row for row in defaults}

    def lack(self, vm: VirtualMachine, more: Size) -> str:
        """What would not fit, in words; where all does, it is taken, and this is empty."""
        if not more or vm.owner_id is None:
            return ""
        place = (vm.owner_id, vm.cluster_id)
        after = self._used.get(place, Size()) + more
        limits = self._own.get(place) or self._defaults.get(vm.cluster_id)
        over = [gauge for gauge in measured(after, limits) if gauge.is_over and getattr(more, gauge.name)]
        if over:
            return f"{vm.owner} would have {told(over)} on {vm.cluster}"
        self._used[place] = after
        return ""
