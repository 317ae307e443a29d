"""What a project has on each cluster, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.quota import Gauge, gauges


@dataclass(frozen=True)
class OnCluster:
    """One cluster on which the project has something, or may."""

    cluster: Any
    gauges: list[Gauge]


def by_cluster(project: Project) -> list[OnCluster]:
    """The clusters where the project has machines or a quota, by name."""
    rows = apps.get_model("clusters", "Cluster")._default_manager.filter(
        Q(vms__owner=project) | Q(quotas__project=project)
    )
    named = rows.only("pk", "slug", "name").distinct().order_by("name", "pk")
    return [OnCluster(cluster, gauges(project, cluster)) for cluster in named]
