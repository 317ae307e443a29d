"""How the list of nodes is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.nodes.models import Node

Nodes = QuerySet[Node]


def about(word: str) -> Q:
    """The nodes that a search for the word finds."""
    addresses = Q(primary_ip__icontains=word) | Q(secondary_ip__icontains=word)
    return Q(name__icontains=word) | addresses | Q(uuid=word.lower())


class NodeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Name or address")
    cluster = cluster_choice()
    role = django_filters.ChoiceFilter(
        choices=Node.Role.choices,
        label="Role",
        empty_label="Any role",
        error_messages={"invalid_choice": "There is no role “%(value)s”."},
    )

    class Meta:
        model = Node
        fields: list[str] = []

    def by_text(self, rows: Nodes, name: str, value: str) -> Nodes:
        for word in value.split():
            rows = rows.filter(about(word))
        return rows
