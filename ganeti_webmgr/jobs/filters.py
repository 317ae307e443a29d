"""How the list of jobs is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.jobs.listing import ended_lately, stuck
from ganeti_webmgr.jobs.models import OPEN, Job, Status

Jobs = QuerySet[Job]
STATUS_CHOICES = [
    ("open", "Not ended"),
    ("stuck", "Not ended for over an hour"),
    (Status.DONE, "Done"),
    ("warned", "Done with warnings"),
    (Status.FAILED, "Failed"),
    (Status.CANCELLED, "Cancelled"),
    (Status.UNKNOWN, "Outcome unknown"),
]
BY_CHOICES = [("me", "Me"), ("here", "People, here"), ("elsewhere", "Command line and other tools")]


def about(word: str) -> Q:
    """The jobs that a search for the word finds."""
    # SQLite makes small letters of ASCII alone.
    match = Q(found_by__contains=word.lower()) | (Q() if word.isascii() else Q(found_by__contains=word))
    return match | Q(ganeti_id=int(word)) if word.isdecimal() and len(word) < 18 else match


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Machine, node, number or person")
    cluster = cluster_choice()
    status = django_filters.ChoiceFilter(
        choices=STATUS_CHOICES,
        method="by_status",
        label="State",
        empty_label="Any state",
        error_messages={"invalid_choice": "There is no state “%(value)s”."},
    )
    by = django_filters.ChoiceFilter(
        choices=BY_CHOICES,
        method="by_origin",
        label="Begun by",
        empty_label="Anyone",
        error_messages={"invalid_choice": "“%(value)s” is none of the choices."},
    )
    ended = django_filters.ChoiceFilter(
        choices=[("day", "In the last day")],
        method="by_end",
        label="Ended",
        empty_label="Whenever",
        error_messages={"invalid_choice": "“%(value)s” is none of the choices."},
    )

    class Meta:
        model = Job
        fields: list[str] = []

    def by_text(self, rows: Jobs, name: str, value: str) -> Jobs:
        for word in value.split():
            rows = rows.filter(about(word))
        return rows

    def by_end(self, rows: Jobs, name: str, value: str) -> Jobs:
        return rows.filter(ended_lately())

    def by_status(self, rows: Jobs, name: str, value: str) -> Jobs:
        if value == "open":
            return rows.filter(status__in=OPEN)
        if value == "stuck":
            return rows.filter(stuck())
        if value == "warned":
            return rows.filter(status=Status.DONE).exclude(warnings=[])
        return rows.filter(status=value)

    def by_origin(self, rows: Jobs, name: str, value: str) -> Jobs:
        if value == "me":
            return rows.filter(requested_by=self.request.user)
        return rows.filter(command="") if value == "elsewhere" else rows.exclude(command="")
