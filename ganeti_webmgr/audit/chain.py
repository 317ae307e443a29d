"""The chain: each event holds a digest of itself and the one before, so none can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from ganeti_webmgr.audit.models import Event, Tip

NOT_CHAINED = {"id", "digest"}
AT_A_TIME = 2000


@transaction.atomic
def append(event: Event) -> Event:
    """Adds the event behind the last one; waits for whoever is adding, until their transaction ends."""
    Tip.objects.get_or_create(pk=1)
    tip = Tip.objects.select_for_update().get(pk=1)
    event.previous_digest = tip.digest
    event.digest = digest_of(event)
    event.save()
    tip.digest, tip.count = event.digest, tip.count + 1
    tip.save(update_fields=["digest", "count"])
    return event


def digest_of(event: Event) -> str:
    """The SHA-256 over all that the event says, and over the digest of the one before."""
    text = json.dumps(said(event), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def said(event: Event) -> dict[str, Any]:
    """All that the event says and that its digest covers."""
    fields = (field.attname for field in Event._meta.concrete_fields if field.attname not in NOT_CHAINED)
    return {**{name: getattr(event, name) for name in fields}, "at": event.at.isoformat()}


def end() -> tuple[Tip, int]:
    """The tip, and the number of the event that it is about: read while nobody can add."""
    with transaction.atomic():
        tip = Tip.objects.select_for_update().filter(pk=1).first() or Tip()
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return tip, newest or 0


def faults(*, kept: str = "") -> Iterator[str]:
    """What is wrong with the record, in words; nothing where every event is as it was written.

    `kept` is the digest of an event, kept elsewhere: it must still be there.
    """
    tip, newest = end()
    last, count = "", 0
    for event in Event.objects.filter(pk__lte=newest).order_by("pk").iterator(chunk_size=AT_A_TIME):
        count += 1
        if event.previous_digest != last:
            yield f"Before event {event.pk}, something was taken out or put in."
        if event.digest != digest_of(event):
            yield f"Event {event.pk} is not as it was written."
        last = event.digest
    if (tip.digest, tip.count) != (last, count):
        yield f"The record ends too early: {tip.count} events were written, {count} are there."
    if kept and not Event.objects.filter(digest=kept).exists():
        yield f"No event has the digest {kept} any more: the record was written anew."
