"""How many objects of a cluster belong to a row."""

from __future__ import annotations

from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce


def present(model: type[Model], relation: str) -> Coalesce:
    """Of each row of the model, the number of those at the relation that are on their cluster now."""
    rows = model._default_manager.filter(pk=OuterRef("pk"), **{f"{relation}__missing_since": None}).order_by()
    # Grouped by the key alone, and not by every column.
    return Coalesce(Subquery(rows.values("pk").annotate(number=Count(relation)).values("number")), 0)
