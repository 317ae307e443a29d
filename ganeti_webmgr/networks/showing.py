"""What the page of a network shows of its addresses and its groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.http import urlencode

from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.acting import Action
from ganeti_webmgr.networks.cells import Cell, cells, step, summary
from ganeti_webmgr.networks.commands.groups import held_up, unconnected
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
    page: Page[Any]  # of rows
    problems: list[str]
    without: list[Holder]  # interfaces in the network that have no address


@dataclass(frozen=True)
class Connection:
    """A group of the cluster, and how the network is connected to it; `mode` is empty where it is not."""

    group: str
    action: Action  # connects or disconnects it
    url: str
    why: str  # the reason where that cannot be; empty where it can
    mode: str = ""
    link: str = ""
    vlan: str = ""
    machines: int = 0


@dataclass(frozen=True)
class Row:
    """Addresses in the table, with what can be done to them."""

    run: Run
    action: Action | None
    url: str


def addresses(request: HttpRequest, pool: Pool, actions: Mapping[str, Action]) -> Addresses:
    """The addresses as `?show=` and `?page=` ask for them."""
    problems: list[str] = []
    show = request.GET.get("show", "all")
    if show not in SHOWS:
        problems.append(f"Of addresses, “{show[:20]}” cannot be shown. All are.")
        show = "all"
    runs: Any = [run for run in pool.runs if run.kind in KINDS[show]]
    page = Pages(runs).asked(request.GET.get("page", "1"), problems)
    page.object_list = [_row(run, actions) for run in page.object_list]
    return Addresses(
        cells=cells(pool),
        each=step(pool),
        summary=summary(pool),
        tabs=[
            Tab(label, f"?{urlencode({'show': word})}" if word != "all" else "?", word == show)
            for word, label in SHOWS.items()
        ],
        page=page,
        problems=problems,
        without=[holder for holder in pool.holders if not holder.address],
    )


def connections(network: Network, users: Users, actions: Mapping[str, Action]) -> list[Connection]:
    """All groups of the cluster, those that are connected first."""
    connect, disconnect = actions["connect"], actions["disconnect"]
    connected = [
        Connection(
            action=disconnect,
            url=_for(disconnect, group=how["group"]),
            why=disconnect.reason or held_up(users.names(how["group"])),
            machines=len(users.names(how["group"])),
            **how,
        )
        for how in network.connections
    ]
    others = [
        Connection(group=name, action=connect, url=_for(connect, group=name), why=connect.reason)
        for name in unconnected(network)
    ]
    return [*connected, *others]


def _row(run: Run, actions: Mapping[str, Action]) -> Row:
    verb = {Kind.FREE: "reserve", Kind.RESERVED: "release"}.get(run.kind)
    action = actions[verb] if verb else None
    return Row(run, action, _for(action, addresses=run.typed) if action else "")


def _for(action: Action, **chosen: str) -> str:
    return f"{action.url}?{urlencode(chosen)}"
