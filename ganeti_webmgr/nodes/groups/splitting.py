"""Machines whose two nodes would stand in different groups, so that they could not fail over any more."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.nodes.models import Node


def split_by(group: NodeGroup, nodes: Collection[Node]) -> list[str]:
    """The names of those that are whole now and would not be, once the nodes are in the group."""
    moved = [node.pk for node in nodes]
    vms = group.cluster.vms.filter(missing_since=None, secondary_node__isnull=False)
    # Those with one node among the moved, and the other one neither moved nor in the group.
    primary = Q(primary_node__in=moved) & ~Q(secondary_node__in=moved) & _not_in("secondary_node", group)
    secondary = Q(secondary_node__in=moved) & ~Q(primary_node__in=moved) & _not_in("primary_node", group)
    found = vms.filter(primary | secondary).order_by("sort_name", "pk")
    return list(found.values_list("name", flat=True))


def _not_in(node: str, group: NodeGroup) -> Q:
    return ~Q(**{f"{node}__group": group})


def others(group: NodeGroup) -> QuerySet[Node]:
    """The nodes of its cluster that are in another group."""
    rows = Node.objects.filter(cluster=group.cluster_id, missing_since=None).exclude(group=group)
    return rows.select_related("group").order_by(F("group__sort_name"), "sort_name", "pk")
