"""Filters: saved, changed and deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.lists.models import SavedFilter
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.tables import Table

MOST = 30  # of one person for one list
LONGEST = 2000


@transaction.atomic
def save_filter(
    *, by: User, table: Table[Any, Any], name: str, query: str, owner: Project | None = None
) -> SavedFilter:
    """The filter under a name, for the person or for a project of his; ValidationError, by field."""
    if not query:
        raise ValidationError("There is nothing to save: the list is neither narrowed nor sorted.")
    if len(query) > LONGEST:
        raise ValidationError("This filter is too long to be saved.")
    if SavedFilter.objects.filter(made_by=by, table=table.key).count() >= MOST:
        raise ValidationError(f"You have {MOST} filters of this list. Delete one of them first.")
    saved = SavedFilter(table=table.key, name=name, query=query, made_by=by, owner=owner)
    _require_free(saved, by)
    if owner is not None:
        policy.require(by, "view", owner)
    saved.save()
    record("filter.saved", saved, by=by, after={"list": table.name, "filter": query, **_said(saved)})
    return saved


@transaction.atomic
def change_filter(saved: SavedFilter, *, by: User, name: str, owner: Project | None) -> None:
    """Another name, or other people who see it; ValidationError, by field."""
    policy.require(by, "edit", saved)
    before = _said(saved)
    if owner is not None and owner.pk != saved.owner_id:
        policy.require(by, "view", owner)
    saved.name, saved.owner = name, owner
    _require_free(saved, by)
    if before == _said(saved):
        return
    saved.save(update_fields=["name", "owner"])
    record("filter.changed", saved, by=by, before=before, after=_said(saved))


@transaction.atomic
def delete_filter(saved: SavedFilter, *, by: User) -> None:
    """Deletes it, for all who saw it."""
    policy.require(by, "edit", saved)
    record("filter.removed", saved, by=by, before=_said(saved))
    saved.delete()


def _require_free(saved: SavedFilter, by: User) -> None:
    namesakes = SavedFilter.objects.filter(
        made_by_id=saved.made_by_id, table=saved.table, name__iexact=saved.name
    )
    # Only those that he sees: a lead who renames it would learn what its maker keeps for himself.
    if policy.concerning(by, "view", namesakes.exclude(pk=saved.pk)).exists():
        raise ValidationError({"name": "There is a filter of that name already."})


def _said(saved: SavedFilter) -> dict[str, str]:
    return {"name": saved.name, "shared_with": str(saved.owner) if saved.owner else ""}
