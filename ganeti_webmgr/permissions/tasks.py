"""Grants whose end has come. They stopped working by themselves; here they are cleared away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.audit.record import SYSTEM, record
from ganeti_webmgr.celery import app
from ganeti_webmgr.permissions.granting import told
from ganeti_webmgr.permissions.holders import Holding, ended
from ganeti_webmgr.permissions.models import GRANTS


@app.task(name="permissions.sweep")
def sweep() -> None:
    """Takes ended grants away, notes it, and has the open pages of their holders look again."""
    now = timezone.now()
    for held in ended(now):
        _clear(held)


@transaction.atomic
def _clear(held: Holding) -> None:
    by_person, by_group = GRANTS[held.kind]
    model, field = (by_person, "user") if held.is_person else (by_group, "group")
    rows = model._default_manager.filter(content_object=held.on, expires_at__lte=timezone.now())
    if not rows.filter(**{field: held.holder}).delete()[0]:
        return  # given again meanwhile
    told(held.holder, held.on)
    record("grant.ended", held.on, by=SYSTEM, person=held.holder, before=held.as_data())
