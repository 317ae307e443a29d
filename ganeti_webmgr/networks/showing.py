"""What the page of a network shows of its addresses and its groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.http import urlencode

from ganeti_webmgr.clusters.models import Network, NodeGroup
from ganeti_webmgr.networks.cells import Cell, cells, step, summary
from ganeti_webmgr.networks.pool import Holder, Kind, Pool, Run
from ganeti_webmgr.networks.use import Users
from ganeti_webmgr.ui.listing import Pages

SHOWS = {"all": "All", "used": "In use", "reserved": "Reserved", "free": "Free"}
KINDS = {
    "all": set(Kind),
    "used": {Kind.USED},
    "reserved": {Kind.RESERVED, Kind.GATEWAY, Kind.EDGE},
    "free": {Kind.FREE},
}


@dataclass(frozen=True)
class Tab:
    """One way to narrow the table of addresses."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Addresses:
    """The map, and a page of the table that says the same."""

    cells: list[Cell]
    each: int  # addresses in a cell
    summary: str
    tabs: list[Tab]
    page: Page[Run]
    problems: list[str]
    without: list[Holder]  # interfaces in the network that have no address


@dataclass(frozen=True)
class Connection:
    """A group of the cluster, and how the network is connected to it; `mode` is empty where it is not."""

    group: str
    mode: str = ""
    link: str = ""
    vlan: str = ""
    machines: int = 0


def addresses(request: HttpRequest, pool: Pool) -> Addresses:
    """The addresses as `?show=` and `?page=` ask for them."""
    problems: list[str] = []
    show = request.GET.get("show", "all")
    if show not in SHOWS:
        problems.append(f"Of addresses, “{show[:20]}” cannot be shown. All are.")
        show = "all"
    runs: Any = [run for run in pool.runs if run.kind in KINDS[show]]
    return Addresses(
        cells=cells(pool),
        each=step(pool),
        summary=summary(pool),
        tabs=[
            Tab(label, f"?{urlencode({'show': word})}" if word != "all" else "?", word == show)
            for word, label in SHOWS.items()
        ],
        page=Pages(runs).asked(request.GET.get("page", "1"), problems),
        problems=problems,
        without=[holder for holder in pool.holders if not holder.address],
    )


def connections(network: Network, users: Users) -> list[Connection]:
    """All groups of the cluster, those that are connected first."""
    machines = users.by_group()
    known = {
        how["group"]: Connection(how["group"], how["mode"], how["link"], how["vlan"], machines[how["group"]])
        for how in network.connections
    }
    groups = NodeGroup.objects.filter(cluster=network.cluster_id, missing_since=None)
    others = groups.order_by("sort_name", "pk").values_list("name", flat=True)
    return [*known.values(), *(Connection(name) for name in others if name not in known)]
