"""What people are told about the operating systems of a cluster, and what new machines get with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy

SAID = (
    "title",
    "family",
    "note",
    "position",
    "hidden",
    "memory_min_mib",
    "disk_min_mib",
    "vcpus_min",
    "parameters",
    "hvparams",
)


@transaction.atomic
def describe(system: OperatingSystem, *, by: User, also: Collection[Cluster] = (), **said: Any) -> None:
    """Says that of the system, and of its namesakes on those clusters too; Denied where one is not his."""
    namesakes = OperatingSystem.objects.filter(cluster__in=also, name=system.name).select_related("cluster")
    rows = [system, *namesakes.exclude(pk=system.pk).order_by("pk")]
    for row in rows:
        policy.require(by, "admin", row)
    for row in rows:
        _describe(row, by, said)


def namesakes_of(system: OperatingSystem, *, user: User) -> list[Cluster]:
    """The other clusters that have a system of that name which the person may describe."""
    others = OperatingSystem.objects.filter(name=system.name, missing_since=None).exclude(pk=system.pk)
    permitted = policy.permitted(user, "admin", others)
    return list(
        Cluster.objects.filter(systems__in=permitted).only("pk", "slug", "name").order_by("name", "pk")
    )


def read_again(*, by: User) -> int:
    """Has the lists of the clusters that the person administers read soon; how many that are."""
    clusters = policy.permitted(by, "admin", Cluster.objects.filter(paused=False)).values_list(
        "pk", flat=True
    )
    for pk in clusters:
        schedule.hurry(pk, "systems")
    return len(clusters)


def _describe(row: OperatingSystem, by: User, said: dict[str, Any]) -> None:
    before = {name: getattr(row, name) for name in said if getattr(row, name) != said[name]}
    was_described, row.described = row.described, True
    for name in before:
        setattr(row, name, said[name])
    if not before and was_described:
        return
    row.save(update_fields=[*before, "described"])
    publish(f"cluster:{row.cluster_id}")
    record("image.changed", row, by=by, before=before, after={name: said[name] for name in before})
