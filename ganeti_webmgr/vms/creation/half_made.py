"""Machines that are there without a system in them, because their installer stopped."""

from __future__ import annotations

from collections.abc import Iterable

from ganeti_webmgr.jobs.listing import Described
from ganeti_webmgr.jobs.models import CREATE, Job, Status

INSTALLS = "reinstall"  # the command that would have brought a system since


def half_made(lines: Iterable[Described]) -> Job | None:
    """Of a machine's latest jobs, newest first, the creation that stopped half way; else None."""
    for line in lines:
        if line.job.command == INSTALLS and line.job.status == Status.DONE:
            return None
        if line.job.command == CREATE:
            return line.job if line.job.status == Status.FAILED else None
    return None
