"""Choosing rows, confirming what is done about them, and doing it, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.reconcile import tasks
from ganeti_webmgr.reconcile.models import Entry, Settlement
from ganeti_webmgr.reconcile.review import looked_at
from ganeti_webmgr.reconcile.verbs import VERBS
from ganeti_webmgr.reconcile.verbs.verb import ACTS, GROUPS
from ganeti_webmgr.ui.confirming import require_seen
from ganeti_webmgr.ui.refusal import Refusal

CHUNK = 500


class Decided(Refusal):
    """It was confirmed before."""

    status = 409
    title = "Confirmed already"


@transaction.atomic
def choose(rows: Iterable[Any], *, verb: str, by: User, chosen_by: str = "") -> Settlement:
    """The rows, fixed from now on; nothing is done about them before it is confirmed."""
    settlement = Settlement.objects.create(requested_by=by, verb=verb, chosen_by=chosen_by[:500])
    column = VERBS[verb].what.replace("machine", "vm")
    entries = [
        Entry(settlement=settlement, cluster_id=row.cluster_id, name=row.name, **{f"{column}_id": row.pk})
        for row in rows
    ]
    Entry.objects.bulk_create(entries, batch_size=CHUNK)
    return settlement


def look_with(settlement: Settlement, params: Mapping[str, Any]) -> None:
    """Keeps what was typed, so that exactly what was looked at is confirmed."""
    Settlement.objects.filter(pk=settlement.pk, confirmed_at=None).update(params=dict(params))


@transaction.atomic
def confirm(settlement: Settlement, *, by: User, seen: str) -> None:
    """Has it done, row by row; those to which nothing would happen are skipped, with the reason.

    `seen` is the word of the review that was looked at: Moved where it would be another one by now.
    Decided where it was confirmed before: a form that is sent twice does nothing twice.
    """
    policy.require_chooser(by, settlement.requested_by, what="rows")
    mine = Settlement.objects.filter(pk=settlement.pk, confirmed_at=None)
    if not mine.update(confirmed_at=timezone.now()):
        raise Decided("It was confirmed before. Its page shows what became of it.")
    # The row is held from here on: no other tab changes what was typed.
    settlement.refresh_from_db(fields=["params"])
    review = looked_at(settlement, by=by)
    require_seen(review.seen, seen)
    entries = []
    for entry, verdict in review.entries:
        acts = verdict.key == ACTS
        entry.status = Entry.Status.WAITING if acts else Entry.Status.SKIPPED
        entry.why = verdict.what if acts else (verdict.why or GROUPS[verdict.key].label)
        entries.append(entry)
    Entry.objects.bulk_update(entries, ["status", "why"], batch_size=CHUNK)
    waiting = sum(entry.status == Entry.Status.WAITING for entry in entries)
    verb = VERBS[settlement.verb]
    after = {
        "what": verb.label,
        f"{verb.what}s": waiting,
        "skipped": len(entries) - waiting,
        **settlement.params,
    }
    transaction.on_commit(partial(tasks.ring, settlement.pk))
    record("reconcile.confirmed", by=by, after=after)
