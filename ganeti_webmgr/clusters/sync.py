"""A cluster's own figures, its groups and its networks, from Ganeti's words into ours."""

from __future__ import annotations

from django.db import transaction

from ganeti_webmgr import rapi
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.mirror import mirror
from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup
from ganeti_webmgr.live import publish

# Moves with every change somewhere in the cluster, and is shown nowhere.
NOISE = ("mtime",)
TOLD = ("version", "master")  # are changed on the command line alone: the record says when


def sync_cluster(cluster: Cluster, client: rapi.Client) -> None:
    """Brings the cluster's row, groups and networks up to date."""
    info = client.cluster.info()
    groups = {
        group.uuid: {
            "name": group.name,
            "serial_no": group.serial_no,
            "alloc_policy": group.alloc_policy,
            "details": group.model_dump(mode="json"),
        }
        for group in client.groups.list()
    }
    networks = {
        network.uuid: {
            "name": network.name,
            "serial_no": network.serial_no,
            "cidr": network.network,
            "gateway": network.gateway or "",
            "free_count": network.free_count or 0,
            "reserved_count": network.reserved_count or 0,
            # One character an address: up to 64 kB that nobody lists.
            "details": network.model_dump(mode="json", exclude={"map"}),
        }
        for network in client.networks.list()
    }
    with transaction.atomic():
        changed = _sync_info(cluster, info)
        changed |= bool(mirror(NodeGroup.objects.all(), cluster=cluster, answer=groups, known=groups))
        changed |= bool(mirror(Network.objects.all(), cluster=cluster, answer=networks, known=networks))
        if changed:
            publish(f"cluster:{cluster.pk}")


def _sync_info(cluster: Cluster, info: rapi.ClusterInfo) -> bool:
    fresh = {
        "uuid": info.uuid,
        "version": info.software_version,
        "master": info.master,
        "info": info.model_dump(mode="json", exclude=set(NOISE)),
    }
    different = [name for name, value in fresh.items() if getattr(cluster, name) != value]
    before = {name: getattr(cluster, name) for name in TOLD if name in different and getattr(cluster, name)}
    for name in different:
        setattr(cluster, name, fresh[name])
    if different:
        cluster.save(update_fields=different)
    if before:
        record("cluster.seen-changed", cluster, before=before, after={name: fresh[name] for name in before})
    return bool(different)
