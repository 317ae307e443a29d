"""The list of templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import django_filters
from django.db.models import QuerySet

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.ui.tables import Column, Table, at
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.models import MachineTemplate
from ganeti_webmgr.vms.saved.fitting import Estate, Fit


class TemplateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Name")

    class Meta:
        model = MachineTemplate
        fields: list[str] = []


@dataclass(frozen=True)
class Line:
    """A template with what it asks for, and whether its cluster can do that; None where it is for any."""

    template: MachineTemplate
    plan: Blueprint
    fit: Fit | None


def templates() -> QuerySet[MachineTemplate]:
    return MachineTemplate.objects.select_related("cluster", "owner", "made_by").defer("cluster__info")


def lines(rows: Iterable[MachineTemplate]) -> list[Line]:
    shown = list(rows)
    estate = Estate(Cluster.objects.filter(pk__in={row.cluster_id for row in shown if row.cluster_id}))
    plans = [Blueprint.of(row.blueprint) for row in shown]
    return [
        Line(row, plan, estate.fit(plan, row.cluster_id) if row.cluster_id else None)
        for row, plan in zip(shown, plans, strict=True)
    ]


of_template = partial(at, row="template")

TEMPLATES: Table[MachineTemplate, Line] = Table(
    key="templates",
    name="Templates",
    view="templates:index",
    rows=templates,
    lines=lines,
    filter=TemplateFilter,
    columns=(
        of_template("name", "name", "Name"),
        Column("system", "System", {"os": lambda line: line.plan.os}),
        Column(
            "size",
            "Size",
            {"vcpus": lambda line: line.plan.vcpus, "memory_mib": lambda line: line.plan.memory_mib},
        ),
        of_template("owner__name", "for", "For", named="project"),
        of_template("cluster__name", "cluster", "Cluster"),
        Column("fits", "Fits", {"lacks": lambda line: line.fit and line.fit.text}),
    ),
)
