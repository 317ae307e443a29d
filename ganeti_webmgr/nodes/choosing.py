"""Nodes to choose from: those that the person may see, and that can take a machine."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy

NOT_TAKING = (Node.Role.OFFLINE, Node.Role.DRAINED)


def taking(cluster: Cluster, user: User) -> QuerySet[Node]:
    """The nodes of the cluster that take machines, in their order."""
    nodes = Node.objects.filter(cluster=cluster, missing_since=None).exclude(role__in=NOT_TAKING)
    return policy.permitted(user, "view", nodes.order_by("sort_name", "pk"))


class NodeChoice(forms.ChoiceField):
    """A node by name; or the cluster's allocator, where it has one, as the empty choice."""

    def __init__(self, cluster: Cluster, nodes: Sequence[str], *, label: str, help_text: str = "") -> None:
        chosen = [("", f"Chosen by the cluster ({cluster.allocator})")] if cluster.allocator else []
        super().__init__(
            label=label,
            help_text=help_text,
            choices=[*chosen, *((name, name) for name in nodes)],
            required=not chosen,
        )
