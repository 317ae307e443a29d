"""Lines of the record as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.record.changes import Change, changes
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True)
class Line:
    """An event with what it changed, and the way to its object and its job where they can be seen."""

    event: Event
    changes: list[Change]
    url: str
    job: Job | None


def visible(user: User) -> QuerySet[Event]:
    """The events that the person may see."""
    return policy.permitted(user, "view", Event.objects.all())


def lines(user: User, events: Iterable[Event]) -> list[Line]:
    """The events as lines, in their order."""
    events = list(events)
    urls = dict(_urls(user, events))
    jobs = Job.objects.filter(pk__in={event.job_id for event in events if event.job_id})
    shown = policy.permitted(user, "view", jobs.only("pk", "ganeti_id")).in_bulk()
    return [
        Line(
            event=event,
            changes=changes(event),
            url=urls.get((event.target_kind, event.target_id), ""),
            job=shown.get(event.job_id) if event.job_id else None,
        )
        for event in events
    ]


def _urls(user: User, events: list[Event]) -> Iterator[tuple[tuple[str, int | None], str]]:
    for kind, rows in _with_pages().items():
        pks = {event.target_id for event in events if event.target_kind == kind}
        if pks:
            for row in policy.permitted(user, "view", rows.filter(pk__in=pks)):
                yield (kind, row.pk), _url(kind, row)


def _with_pages() -> dict[str, QuerySet[Any]]:
    """The kinds of objects that have a page. A machine that is gone may have left its name to another."""
    machines = VirtualMachine.objects.filter(missing_since=None).select_related("cluster")
    nodes = Node.objects.filter(missing_since=None).select_related("cluster")
    networks = Network.objects.filter(missing_since=None).select_related("cluster")
    groups = NodeGroup.objects.filter(missing_since=None).select_related("cluster")
    return {
        "virtualmachine": machines.only("name", "cluster__slug"),
        "cluster": Cluster.objects.only("slug"),
        "node": nodes.only("name", "cluster__slug"),
        "nodegroup": groups.only("name", "cluster__slug"),
        "network": networks.only("name", "cluster__slug"),
        "project": Project.objects.only("slug"),
        "user": User.objects.only("pk"),
        "group": Group.objects.only("pk"),
    }


def _url(kind: str, row: Any) -> str:
    view = {"user": "people:detail", "group": "groups:detail"}.get(kind)
    return reverse(view, args=[row.pk]) if view else str(row.get_absolute_url())
