"""Lists by the key in an address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.tables import TABLES, Table


def get_table(user: User, key: str, *, personal: bool = False) -> Table[Any, Any]:
    """The list; Http404 where there is none of that key, or none for this person.

    `personal` where something of his own is to be kept for it.
    """
    table = TABLES.get(key)
    if table is None or (table.for_administrators and not policy.sees_all(user)):
        raise Http404
    if personal and not table.is_personal:
        raise Http404
    return table


def address(table: Table[Any, Any], query: QueryDict) -> str:
    """Where the list stands with that filter and that order."""
    return f"{reverse(table.view)}?{query.urlencode()}"
