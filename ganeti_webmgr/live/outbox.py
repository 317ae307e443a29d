"""The outbox: written in the transaction of the change, read by the hub of each web process."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from ganeti_webmgr.live import bell
from ganeti_webmgr.live.topics import Topic, parse

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ganeti_webmgr.live.models import Notice

KEPT = timedelta(minutes=10)


class _Written:
    """The topics that a transaction has published so far; once it is committed, wakes the hubs.

    Lives in Django's list of hooks for the commit, so that a savepoint that is rolled back takes it away
    together with its rows.
    """

    def __init__(self, topics: set[str]) -> None:
        self.topics = topics

    def __call__(self) -> None:
        bell.ring()


def _model() -> type[Notice]:
    # Not imported: apps import this module while Django has no models yet.
    model: type[Notice] = apps.get_model("live", "Notice")
    return model


def publish(*topics: str) -> None:
    """Tell the pages that show these topics that they changed, when and if the transaction commits."""
    for topic in topics:
        if parse(topic).id is None:
            raise ValueError(f"Only what changed can be published, not {topic}")
    scope = set(connection.savepoint_ids)
    written = [(entry[0], entry[1]) for entry in connection.run_on_commit if isinstance(entry[1], _Written)]
    fresh = set(topics).difference(*(hook.topics for _, hook in written))
    if not fresh:
        return
    notice = _model()
    notice.objects.bulk_create([notice(topic=topic) for topic in sorted(fresh)])
    if written and written[-1][0] == scope:
        written[-1][1].topics |= fresh
        return
    transaction.on_commit(_Written(fresh))


def published(topics: Collection[Topic], *, since: datetime, after: int | None) -> set[str] | None:
    """What was published of the topics since a moment or after a notice; None where nobody knows any more."""
    if since < timezone.now() - KEPT:
        return None
    notices = _model().objects
    recent = Q(created_at__gte=since)
    if after is not None:
        # Whatever is younger than a notice that is still there has not been pruned either.
        if not notices.filter(pk=after).exists():
            return None
        recent |= Q(pk__gt=after)
    exact = Q(topic__in=[str(topic) for topic in topics if topic.id is not None])
    for topic in topics:
        if topic.id is None:
            exact |= Q(topic__startswith=f"{topic.kind}:")
    return set(notices.filter(recent, exact).values_list("topic", flat=True).distinct())


def prune() -> int:
    """Delete what no page can ask for any more; returns how many notices that was."""
    return _model().objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
