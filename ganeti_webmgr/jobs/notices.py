"""Which open pages are told that a job moved."""

from __future__ import annotations

from collections.abc import Iterator

from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.live import publish


def publish_job(*jobs: Job) -> None:
    """Tells the pages that show the jobs or what they are for."""
    publish(*(topic for job in jobs for topic in _topics(job)))


def _topics(job: Job) -> Iterator[str]:
    yield f"job:{job.pk}"
    if job.vm_id:
        yield f"vm:{job.vm_id}"
    if job.owner_id:
        yield f"project:{job.owner_id}"
    if job.node_id:
        yield f"node:{job.node_id}"
    if job.group_id:
        yield f"nodegroup:{job.group_id}"
    if job.network_id:
        yield f"network:{job.network_id}"
    if job.parent_id:
        yield f"job:{job.parent_id}"
