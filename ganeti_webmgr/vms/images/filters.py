"""How the catalogue is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.clusters.models import OperatingSystem

Systems = QuerySet[OperatingSystem]
STATES = {
    "new": Q(described=False, missing_since=None),
    "shown": Q(hidden=False, missing_since=None),
    "hidden": Q(hidden=True),
    "missing": Q(missing_since__isnull=False),
}


class ImageFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the catalogue."""

    q = django_filters.CharFilter(method="by_text", label="Title or raw name")
    cluster = cluster_choice()
    state = django_filters.ChoiceFilter(
        label="State",
        empty_label="Any state",
        choices=[
            ("new", "New"),
            ("shown", "Shown"),
            ("hidden", "Hidden"),
            ("missing", "Not on the cluster any more"),
        ],
        method="by_state",
        error_messages={"invalid_choice": "There is no state “%(value)s”."},
    )

    class Meta:
        model = OperatingSystem
        fields: list[str] = []

    def by_text(self, rows: Systems, name: str, value: str) -> Systems:
        for word in value.split():
            rows = rows.filter(Q(name__icontains=word) | Q(title__icontains=word))
        return rows

    def by_state(self, rows: Systems, name: str, value: str) -> Systems:
        return rows.filter(STATES[value])
