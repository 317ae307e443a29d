"""The storage of a node, as it told when it was last asked: that costs a job, so nobody asks by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.models import Status
from ganeti_webmgr.nodes.commands import ReadStorage
from ganeti_webmgr.nodes.models import Node

KINDS = {
    "lvm-vg": "Volume groups",
    "lvm-pv": "Physical volumes",
    "file": "Directory for disks in files",
    "sharedfile": "Directory for shared disks in files",
    "gluster": "Gluster",
}
LOOKED_AT = 30


@dataclass(frozen=True)
class Units:
    """The units of one kind."""

    kind: str
    title: str
    units: list[rapi.StorageUnit]
    read_at: datetime | None


def known(node: Node) -> list[Units]:
    """What each kind was like when it was last read."""
    jobs = node.jobs.filter(command=ReadStorage.name, status=Status.DONE).order_by("-ended_at", "-pk")
    latest = {job.params["storage_type"]: job for job in reversed(jobs[:LOOKED_AT])}
    return [
        Units(kind, title, rapi.storage_units(latest[kind].result), latest[kind].ended_at)
        for kind, title in KINDS.items()
        if kind in latest
    ]
