"""The list of jobs."""

from __future__ import annotations

from functools import partial

from ganeti_webmgr.jobs.family import told_whole
from ganeti_webmgr.jobs.filters import JobFilter
from ganeti_webmgr.jobs.listing import Described
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.ui.tables import Column, Table, at

of_job = partial(at, row="job")


def took_s(line: Described) -> float | None:
    job = line.job
    return (job.ended_at - job.started_at).total_seconds() if job.started_at and job.ended_at else None


JOBS: Table[Job, Described] = Table(
    key="jobs",
    name="Jobs",
    view="jobs:index",
    rows=Job.objects.all,
    lines=told_whole,
    filter=JobFilter,
    default="-started",
    is_personal=True,
    scanning=("q",),
    # Of whole rows, with all that is joined to them, a page takes twice as long.
    reads=(
        "target_name",
        "command",
        "operations",
        "status",
        "ganeti_status",
        "warnings",
        "waits_for",
        "error",
    ),
    columns=(
        Column(
            "what", "What", {"what": lambda line: line.label, "target": lambda line: line.job.target_name}
        ),
        Column(
            "state",
            "State",
            {
                "state": lambda line: line.state.label,
                "error": lambda line: line.job.error,
                "waits_for": lambda line: line.wait,
                "warnings": lambda line: "; ".join(map(str, line.job.warnings)),
            },
            sort="status",
        ),
        of_job("cluster__name", "cluster", "Cluster"),
        of_job("origin", "by", "By", sort="", classes="hide-md"),
        of_job("created_at", "started", "Asked for"),
        of_job("started_at", "began", "Began", sort="", is_extra=True),
        of_job("ended_at", "ended", "Ended", sort="", is_extra=True),
        Column("took", "Took", {"took_s": took_s}, reads=("started_at", "ended_at"), classes="r"),
        of_job("ganeti_id", "number", "Number", classes="r"),
    ),
)
