"""How the list of machines is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.filtering import NamedChoiceFilter
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.finding import about, tagged
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import MISSING, STATES

Machines = QuerySet[VirtualMachine]
STATUS_CHOICES = [
    *((word, state.label) for word, state in STATES.items()),
    ("problem", "Anything wrong"),
    ("missing", MISSING.label),
]


def visible_projects(request: Request) -> QuerySet[Project]:
    """The projects that the person may choose from."""
    return policy.permitted(request.user, "view", Project.objects.only("slug", "name").order_by("name", "pk"))


class MachineFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Name, system, tag, address or owner")
    cluster = cluster_choice()
    node = django_filters.CharFilter(method="by_node", label="Node")
    status = django_filters.ChoiceFilter(
        choices=STATUS_CHOICES,
        method="by_status",
        label="Status",
        empty_label="Any status",
        error_messages={"invalid_choice": "There is no status “%(value)s”."},
    )
    tag = django_filters.CharFilter(method="by_tag", label="Tag")
    project = NamedChoiceFilter(
        queryset=visible_projects,
        field_name="owner",
        to_field_name="slug",
        label="Project",
        empty_label="Any project",
        null_label="Nobody",
        error_messages={"invalid_choice": "There is no such project, or you may not see it."},
    )

    restart = django_filters.ChoiceFilter(
        choices=[("waiting", "Settings wait for one"), ("unknown", "Nobody can tell")],
        method="by_restart",
        label="Restart",
        empty_label="Needed or not",
        error_messages={"invalid_choice": "About a restart, “%(value)s” cannot be asked."},
    )

    class Meta:
        model = VirtualMachine
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._known_nodes: dict[str, list[int]] = {}
        self.form.fields["node"].validators.append(self.must_know_node)

    def must_know_node(self, name: str) -> None:
        if not self._nodes(name):
            raise ValidationError(f"There is no node “{name[:80]}”, or you may not see it.")

    def _nodes(self, name: str) -> list[int]:
        """The keys of the nodes of that name, of which each cluster may have one; asked for once."""
        if name not in self._known_nodes:
            found = policy.permitted(self.request.user, "view", Node.objects.filter(name=name))
            self._known_nodes[name] = list(found.values_list("pk", flat=True))
        return self._known_nodes[name]

    def by_text(self, rows: Machines, name: str, value: str) -> Machines:
        for word in value.split():
            rows = rows.filter(about(word, self.request.user))
        return rows

    def by_node(self, rows: Machines, name: str, value: str) -> Machines:
        nodes = self._nodes(value)
        return rows.filter(Q(primary_node__in=nodes) | Q(secondary_node__in=nodes))

    def by_status(self, rows: Machines, name: str, value: str) -> Machines:
        if value == "missing":
            return rows.filter(missing_since__isnull=False)
        present = rows.filter(missing_since=None)
        return (
            present.filter(status__startswith="ERROR_")
            if value == "problem"
            else present.filter(status=value)
        )

    def by_restart(self, rows: Machines, name: str, value: str) -> Machines:
        return rows.filter(missing_since=None, needs_restart=True if value == "waiting" else None)

    def by_tag(self, rows: Machines, name: str, value: str) -> Machines:
        return rows.filter(tagged(value))
