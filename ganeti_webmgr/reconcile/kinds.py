"""The ways in which Ganeti and we may differ, each as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.nodes.filters import NodeFilter
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.reconcile.claims import DIFFER
from ganeti_webmgr.vms.commands import Rename
from ganeti_webmgr.vms.filters import MachineFilter
from ganeti_webmgr.vms.models import FormerName, VirtualMachine
from ganeti_webmgr.vms.sync import FORMER_NAME_KEPT

PRESENT, GONE = Q(missing_since=None), Q(missing_since__isnull=False)  # as the indexes have it
LATELY = timedelta(days=30)
SLACK = timedelta(hours=1)  # between the end of a job and the moment at which its outcome was read


@dataclass(frozen=True)
class Kind:
    """One list: which rows are in it, what can be done about them, and its words."""

    key: str
    label: str
    model: type[Any]
    condition: Q
    verbs: tuple[str, ...]
    nothing: str
    about: str
    narrow: Any = MachineFilter
    sorts: tuple[tuple[str, str], ...] = (("name", "sort_name"), ("cluster", "cluster__name"))
    default: str = "name"

    @property
    def is_of_nodes(self) -> bool:
        return self.model is Node


SINCE = ("since", "missing_since")
KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            key="nobodys",
            label="Without owner",
            model=VirtualMachine,
            condition=PRESENT & Q(owner=None),
            verbs=("adopt",),
            nothing="Every machine belongs to a project",
            about="Machines that are in Ganeti and belong to no project here: nobody answers for them, and "
            "only those who administer the cluster see them.",
            sorts=(
                ("name", "sort_name"),
                ("cluster", "cluster__name"),
                ("memory", "memory_mib"),
                ("seen", "first_seen_at"),
            ),
        ),
        Kind(
            key="gone",
            label="Gone machines",
            model=VirtualMachine,
            condition=GONE,
            verbs=("forget",),
            nothing="No machine is missing",
            about="Machines that were here and are absent from whole answers of their cluster. Nothing is "
            "forgotten by itself, as an answer may be wrong.",
            sorts=(("name", "sort_name"), ("cluster", "cluster__name"), SINCE),
        ),
        Kind(
            key="gone-nodes",
            label="Gone nodes",
            model=Node,
            condition=GONE,
            verbs=("forget-nodes",),
            nothing="No node is missing",
            about="Nodes that were here and are absent from whole answers of their cluster.",
            narrow=NodeFilter,
            sorts=(("name", "sort_name"), ("cluster", "cluster__name"), SINCE),
        ),
        Kind(
            key="tags",
            label="Owner tags",
            model=VirtualMachine,
            condition=PRESENT & DIFFER,
            verbs=("take", "write"),
            nothing="All tags agree with the owners here",
            about="Machines whose tags in Ganeti name another owner than we have, several, or none. A tag "
            "alone gives nobody access.",
        ),
    )
}


def administered(user: User) -> QuerySet[Cluster]:
    """The clusters of which the person settles such differences."""
    return policy.permitted(user, "admin", Cluster.objects.all())


def rows_of(kind: Kind, user: User) -> QuerySet[Any]:
    """The rows of the list that are the person's to settle."""
    return of_his_clusters(kind.model.objects.all(), user).filter(kind.condition)


def of_his_clusters(rows: QuerySet[Any], user: User, *, path: str = "cluster") -> QuerySet[Any]:
    """Those on clusters that the person administers."""
    return rows if policy.sees_all(user) else rows.filter(**{f"{path}__in": administered(user).values("pk")})


def former_names() -> QuerySet[FormerName]:
    """Names that machines had, with the moment at which the new one was seen."""
    seen = ExpressionWrapper(F("until") - FORMER_NAME_KEPT, output_field=DateTimeField())
    return FormerName.objects.annotate(seen_at=seen)


def renamed(user: User) -> QuerySet[FormerName]:
    """Those that were lost lately by no job of ours."""
    ours = Job.objects.filter(
        vm=OuterRef("vm"),
        command=Rename.name,
        status=Status.DONE,
        ended_at__gt=OuterRef("seen_at") - SLACK,
        ended_at__lt=OuterRef("seen_at") + SLACK,
    )
    since = timezone.now() - LATELY + FORMER_NAME_KEPT
    rows = of_his_clusters(former_names(), user, path="vm__cluster")
    return rows.filter(~Exists(ours), until__gt=since, vm__missing_since=None)


RENAMED = "renamed"


def counts(user: User, known: Mapping[str, int]) -> dict[str, int]:
    """How many rows each list has, but for those whose number is known; with one question to the database."""
    lists = {key: rows_of(kind, user) for key, kind in KINDS.items()} | {RENAMED: renamed(user)}
    # One by one, each is found by its index: as one aggregate, all machines would be looked at.
    first, *others = [
        rows.order_by().values(key=Value(key)).annotate(number=Count("pk")).values_list("key", "number")
        for key, rows in lists.items()
        if key not in known
    ]
    return {**known, **dict(first.union(*others, all=True))}
