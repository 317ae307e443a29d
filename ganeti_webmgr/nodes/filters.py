"""How the list of nodes is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.nodes.models import Node

Nodes = QuerySet[Node]


class NodeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Name")
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
