"""The list of networks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.networks.filters import NetworkFilter
from ganeti_webmgr.ui.tables import Table, at


@dataclass(frozen=True)
class Line:
    """A network as the list shows it."""

    network: Network
    as_of: datetime | None


def present() -> QuerySet[Network]:
    """The networks that are there: nothing of ours hangs on one that is gone."""
    return Network.objects.filter(missing_since=None)


def lines(rows: Iterable[Network]) -> list[Line]:
    networks = list(rows)
    moments = as_of(network.cluster for network in networks)
    return [Line(network, moments[network.cluster_id]) for network in networks]


of_network = partial(at, row="network")

NETWORKS: Table[Network, Line] = Table(
    key="networks",
    name="Networks",
    view="networks:index",
    rows=present,
    lines=lines,
    filter=NetworkFilter,
    is_personal=True,
    reads=(
        "name",
        "free_count",
        "reserved_count",
        "cluster__slug",
        "cluster__trouble",
        "cluster__synced_at",
    ),
    columns=(
        of_network("name", "name", "Network", sort="sort_name"),
        of_network("cidr", "addresses", "Addresses"),
        of_network("gateway", "gateway", "Gateway", sort="", classes="hide-md"),
        of_network("cluster__name", "cluster", "Cluster"),
        of_network("reserved_count", "taken", "Taken"),
        of_network("free_count", "free", "Free", classes="r"),
        of_network("uuid", "uuid", "UUID", sort="", is_extra=True),
    ),
)
