"""What is read again before a job ends, so that no page shows it done beside the old state."""

from __future__ import annotations

from django.db.models import Q

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.sync import sync_cluster
from ganeti_webmgr.jobs.models import Job


def read_cluster(cluster: Cluster, client: rapi.Client) -> None:
    """Reads the cluster, its groups and its networks where an open job is about any of these."""
    about_part = Q(group__isnull=False) | Q(network__isnull=False)
    about_whole = Q(vm=None, node=None, owner=None) & ~Q(command="")
    if Job.objects.open().filter(about_part | about_whole, cluster=cluster).exists():
        sync_cluster(cluster, client)
