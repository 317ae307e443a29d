"""Does what was confirmed, each row in a transaction of its own. Run twice at once, it does each once."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from ganeti_webmgr.live import publish
from ganeti_webmgr.reconcile.models import Entry, Settlement
from ganeti_webmgr.reconcile.review import pk_of
from ganeti_webmgr.reconcile.verbs import VERBS
from ganeti_webmgr.ui.refusal import Refusal


def carry_out(settlement: Settlement) -> None:
    """Does it to every entry that waits; what is refused says why, and the others go on."""
    for entry in settlement.entries.filter(status=Entry.Status.WAITING).order_by("pk"):
        try:
            _do(settlement, entry)
        except (Refusal, ValidationError) as refusal:
            why = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            _waiting(entry).update(status=Entry.Status.REFUSED, why=why)
    publish(f"settlement:{settlement.pk}")


@transaction.atomic
def _do(settlement: Settlement, entry: Entry) -> None:
    if not _waiting(entry).update(status=Entry.Status.DONE):
        return
    verb = VERBS[settlement.verb]
    row = verb.rows([pk] if (pk := pk_of(entry)) else []).first()
    if row is None:
        raise Refusal("It is not there any more.")
    if settlement.requested_by is None or not settlement.requested_by.is_active:
        raise Refusal("Whoever confirmed it has no account any more.")
    said = verb.carry_out(row, by=settlement.requested_by, params=settlement.params, what=entry.why)
    Entry.objects.filter(pk=entry.pk).update(why=said)


def _waiting(entry: Entry):  # type: ignore[no-untyped-def]  # a queryset of one row at most
    return Entry.objects.filter(pk=entry.pk, status=Entry.Status.WAITING)
