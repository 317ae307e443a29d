"""The list of clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ganeti_webmgr.clusters.counting import present
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.ui.filtering import Unfiltered
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.tables import Column, Table, at


@dataclass(frozen=True)
class Line:
    """A cluster as the list shows it."""

    cluster: Cluster
    state: State
    as_of: datetime | None


def lines(rows: Iterable[Cluster]) -> list[Line]:
    clusters = list(rows)
    moments = as_of(clusters)
    return [Line(cluster, state_of(cluster), moments[cluster.pk]) for cluster in clusters]


of_cluster = partial(at, row="cluster")
optional = partial(of_cluster, is_extra=True)

CLUSTERS: Table[Cluster, Line] = Table(
    key="clusters",
    name="Clusters",
    view="clusters:index",
    rows=Cluster.objects.all,
    lines=lines,
    filter=Unfiltered,
    is_personal=True,
    reads=("name", "slug", "paused", "trouble", "uuid", "read_only", "synced_at"),
    columns=(
        of_cluster("name", "name", "Cluster"),
        Column(
            "state",
            "State",
            {
                "state": lambda line: line.state.label,
                "read_only": lambda line: line.cluster.read_only,
            },
            sort="trouble",
        ),
        of_cluster("version", "version", "Version"),
        optional("master", "master", "Master"),
        of_cluster("node_count", "nodes", "Nodes", by=present(Cluster, "nodes"), classes="r"),
        of_cluster("machine_count", "machines", "Machines", by=present(Cluster, "vms"), classes="r"),
        Column("as_of", "As of", {"as_of": lambda line: line.as_of}, classes="r"),
        optional("created_at", "added", "Added"),
        optional("uuid", "uuid", "UUID", sort=""),
    ),
)
