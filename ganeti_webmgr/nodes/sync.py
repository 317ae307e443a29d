"""Nodes, from Ganeti's words into ours."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from ganeti_webmgr import rapi
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.mirror import Changes, mirror
from ganeti_webmgr.clusters.models import Cluster, NodeGroup
from ganeti_webmgr.live import publish
from ganeti_webmgr.nodes.models import Node


def sync_nodes(cluster: Cluster, client: rapi.Client) -> None:
    """Brings the cluster's nodes up to date."""
    answer = client.query.nodes()
    key = f"digest:nodes:{cluster.pk}"
    if cache.get(key) == answer.digest:
        return
    groups = dict(NodeGroup.objects.filter(cluster=cluster).values_list("uuid", "pk"))
    nodes = {
        row.uuid: {
            "name": row.name,
            "serial_no": row.serial_no,
            "group_id": groups.get(row.group_uuid),
            "role": row.role,
            "primary_ip": row.pip,
            "secondary_ip": row.sip,
            "memory_total_mib": row.mtotal_mib,
            "memory_free_mib": row.mfree_mib,
            "disk_total_mib": row.dtotal_mib,
            "disk_free_mib": row.dfree_mib,
            "cpus": row.ctotal,
            "details": row.model_dump(mode="json"),
        }
        for row in answer.parse()
    }
    with transaction.atomic():
        before = dict(Node.objects.filter(cluster=cluster).values_list("pk", "group_id"))
        changes = mirror(Node.objects.all(), cluster=cluster, answer=nodes, known=nodes)
        touched = {pk for node in changes.all for pk in (before.get(node.pk), node.group_id) if pk}
        publish(*(f"node:{node.pk}" for node in changes.all), *(f"nodegroup:{pk}" for pk in touched))
        _tell(changes, is_first=len(changes.created) == len(nodes))
    cache.set(key, answer.digest, None)


def _tell(changes: Changes[Node], *, is_first: bool) -> None:
    """Writes down which nodes have come and gone: that is done on the command line alone."""
    for node in [] if is_first else changes.created:
        record("node.appeared", node)
    for node in changes.missing:
        record("node.gone", node)
