"""The list of operating systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ganeti_webmgr.clusters.models import OperatingSystem
from ganeti_webmgr.ui.tables import Column, Table, at
from ganeti_webmgr.vms.images.families import icon_of
from ganeti_webmgr.vms.images.filters import ImageFilter
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True)
class Line:
    """A system with the icon of its family."""

    system: OperatingSystem
    icon: str


def systems() -> QuerySet[OperatingSystem]:
    return OperatingSystem.objects.select_related("cluster").defer("cluster__info")


def lines(rows: Iterable[OperatingSystem]) -> list[Line]:
    return [Line(system, icon_of(system)) for system in rows]


def machines() -> Coalesce:
    """How many machines have the system."""
    rows = VirtualMachine.objects.filter(
        cluster=OuterRef("cluster"), os=OuterRef("name"), missing_since=None
    ).order_by()
    return Coalesce(Subquery(rows.values("os").annotate(number=Count("pk")).values("number")), 0)


def state(line: Line) -> str:
    system = line.system
    if system.missing_since:
        return "Not on the cluster"
    if system.hidden:
        return "Hidden"
    return "Shown" if system.described else "New"


of_system = partial(at, row="system")

IMAGES: Table[OperatingSystem, Line] = Table(
    key="images",
    name="Images",
    view="images:index",
    rows=systems,
    lines=lines,
    filter=ImageFilter,
    default="order",
    permission="admin",
    columns=(
        Column("title", "Title", {"title": lambda line: str(line.system)}, sort="title"),
        of_system("name", "name", "Raw name", sort="sort_name"),
        of_system("cluster__name", "cluster", "Cluster"),
        Column(
            "least",
            "At least",
            {
                "memory_min_mib": lambda line: line.system.memory_min_mib,
                "disk_min_mib": lambda line: line.system.disk_min_mib,
            },
            classes="hide-md",
        ),
        Column(
            "parameters",
            "Parameters",
            {"parameters": lambda line: ", ".join(said["name"] for said in line.system.parameters)},
            classes="hide-md",
        ),
        of_system("machines", "machines", "Machines", by=machines(), classes="r"),
        Column("state", "Shown", {"state": state}),
        of_system("position", "order", "Place", classes="r"),
    ),
)
