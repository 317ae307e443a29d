"""What the lists show beside the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.listing import Described, described
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.reconcile import kinds
from ganeti_webmgr.reconcile.claims import claims_of, tags_of
from ganeti_webmgr.reconcile.kinds import KINDS, Kind
from ganeti_webmgr.reconcile.models import Entry
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.models import VirtualMachine

STATES = {
    Entry.Status.CHOSEN: State("quiet", "check", "Chosen"),
    Entry.Status.WAITING: State("quiet", "clock", "Waits for its turn"),
    Entry.Status.DONE: State("good", "circle-check-filled", "Done"),
    Entry.Status.REFUSED: State("bad", "hand-stop", "Refused", pill=True),
    Entry.Status.SKIPPED: State("quiet", "ban", "Skipped"),
}


def whole(kind: Kind) -> QuerySet[Any]:
    """Rows with all that a line shows."""
    if kind.is_of_nodes:
        return Node.objects.select_related("cluster", "group").defer("details", "cluster__info")
    last = Job.objects.filter(vm=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    rows = VirtualMachine.objects.select_related("cluster", "owner", "primary_node").annotate(
        last_job=Subquery(last)
    )
    return rows.defer("details", "notes", "started_with", "cluster__info", "primary_node__details")


def lines(kind: Kind, rows: list[Any]) -> list[dict[str, Any]]:
    """The rows with what else is said of each."""
    if kind.is_of_nodes:
        return [{"row": row} for row in rows]
    jobs = _jobs(row.last_job for row in rows) if kind.key == "gone" else {}
    claims = claims_of(rows) if kind.key != "gone" else {}
    return [
        {
            "row": row,
            "claims": claims.get(row.pk, []),
            "tags": tags_of(row),
            "last": jobs.get(row.last_job),
        }
        for row in rows
    ]


def tabs(user: User, current: str, total: int | None = None) -> list[dict[str, Any]]:
    """The lists, each with its number; that of the current one may be known."""
    numbers = kinds.counts(user, {} if total is None else {current: total})
    shown = [(kind.label, reverse("reconcile:kind", args=[key]), key) for key, kind in KINDS.items()]
    return [
        {"label": label, "url": url, "count": numbers[key], "is_current": key == current}
        for label, url, key in [*shown, ("Renamed outside", reverse("reconcile:renamed"), kinds.RENAMED)]
    ]


def silent(user: User) -> list[Cluster]:
    """The clusters that give no news: none of their machines is called gone before they do again."""
    return list(kinds.administered(user).exclude(trouble="").filter(paused=False).order_by("name", "pk"))


def _jobs(pks: Iterable[int | None]) -> Mapping[int | None, Described]:
    rows = Job.objects.select_related("requested_by").filter(pk__in=[pk for pk in pks if pk])
    return {line.job.pk: line for line in described(rows)}
