"""What the remote API cannot do: the command to type on the master, with the names filled in."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.nodes.models import Node


@dataclass(frozen=True)
class ByHand:
    """One command line; `seen` says where this site shows that it was done."""

    title: str
    line: str
    seen: str


def by_hand(cluster: Cluster) -> list[ByHand]:
    """They name nodes of this cluster where one is meant."""
    nodes = list(cluster.nodes.filter(missing_since=None).order_by("sort_name", "pk"))
    candidates = [node.name for node in nodes if node.role == Node.Role.CANDIDATE]
    offline = [node.name for node in nodes if node.role == Node.Role.OFFLINE]
    group = cluster.nodegroups.filter(missing_since=None).order_by("sort_name", "pk").first()
    there = "In the record of this cluster, once it has been read again."
    job = "Among the jobs of this cluster."
    return [
        ByHand("Check everything", "gnt-cluster verify", job),
        ByHand("Check the disks", "gnt-cluster verify-disks", job),
        ByHand(
            "Add a node", f"gnt-node add --node-group={group or 'default'} NAME", f"{there} Replace NAME."
        ),
        ByHand(
            "Remove a node", f"gnt-node remove {(offline or ['NAME'])[0]}", f"{there} It must be empty first."
        ),
        ByHand(
            "Make another node the master",
            "gnt-cluster master-failover",
            f"{there} Type it on the new master{f', as {candidates[0]}' if candidates else ''}.",
        ),
        ByHand("Let no new jobs in", "gnt-cluster queue drain", "New jobs fail and say so."),
        ByHand("Let jobs in again", "gnt-cluster queue undrain", "New jobs are taken."),
        ByHand(
            "Keep the watcher still for an hour", "gnt-cluster watcher pause 1h", "Nothing here shows it."
        ),
        ByHand("Balance the machines", "hbal -L -X", job),
        ByHand(
            "Renew the certificates",
            "gnt-cluster renew-crypto --new-cluster-certificate --new-rapi-certificate",
            "A pinned certificate does not match any more: change the connection.",
        ),
        ByHand("Run a command on all nodes", "gnt-cluster command COMMAND", "Nothing here shows it."),
    ]
