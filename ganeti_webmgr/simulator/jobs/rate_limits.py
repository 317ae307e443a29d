"""Reasons of the form `rate-limit:N:anything`: of the jobs with the same one, N run at a time."""

from __future__ import annotations

import re
from collections.abc import Collection

from .job import Job

_LIMIT = re.compile(r"rate-limit:([1-9]\d*):")


def held_back(job: Job, started: Collection[Job]) -> bool:
    """Whether as many jobs as a reason of this one allows have started and not ended."""
    for text in _reasons(job):
        limit = _LIMIT.match(text)
        if limit and sum(text in _reasons(other) for other in started) >= int(limit[1]):
            return True
    return False


def _reasons(job: Job) -> set[str]:
    return {text for op in job.ops for _, text, _ in op.input["reason"]}
