"""Jobs that wait for the end of other jobs."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import failed
from .job import Job


def unmet(job: Job, jobs: Mapping[int, Job]) -> bool:
    """Whether it still has to wait; raises OperationFailed when what it waits for cannot come any more."""
    for op in job.ops:
        for needed, statuses in op.input["depends"] or []:
            other = jobs.get(needed)
            if other is None:
                raise failed(f"Job {needed} not found")
            if not other.is_final:
                return True
            if statuses and other.status not in statuses:
                wanted = ", ".join(f"'{status}'" for status in statuses)
                raise failed(
                    f"Dependency job {needed} finished with status '{other.status}', "
                    f"not one of {wanted} as required"
                )
    return False
