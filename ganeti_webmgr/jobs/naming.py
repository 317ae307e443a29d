"""What a job is called."""

from __future__ import annotations

from django.urls import reverse

from ganeti_webmgr.jobs.commands import REGISTRY, restore
from ganeti_webmgr.jobs.models import Job, Status

AGAIN = (Status.FAILED, Status.CANCELLED)


def label(job: Job) -> str:
    """The verb: "Start"."""
    if job.command:
        return REGISTRY[job.command].label
    return str(job.operations[0]["label"]) if job.operations else "Unknown operation"


def busy_word(job: Job) -> str:
    """What its object is doing meanwhile: "Starting"."""
    if job.command:
        return REGISTRY[job.command].busy
    return str(job.operations[0]["busy"]) if job.operations else "Changing"


def title(job: Job) -> str:
    """The verb and its object: "Start web1.example.org"."""
    if job.command:
        return REGISTRY[job.command].asked_of(job.target_name)
    return f"{label(job)} {job.target_name}".strip()


def again(job: Job) -> str:
    """The address at which what failed can be corrected and tried again; empty where it cannot."""
    page = REGISTRY[job.command].again if job.command and job.status in AGAIN else ""
    return f"{reverse(page)}?job={job.pk}" if page else ""


def line(job: Job) -> str:
    """The command line that does the same on the cluster's master; empty where it did not begin here."""
    return restore(job.command, job.params).line(job.target_name) if job.command else ""
