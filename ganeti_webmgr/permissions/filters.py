"""How the list of projects is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.permissions.models import Project


class ProjectFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list."""

    q = django_filters.CharFilter(method="by_text", label="Name")

    class Meta:
        model = Project
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return rows.filter(Q(name__icontains=value) | Q(slug__icontains=value))
