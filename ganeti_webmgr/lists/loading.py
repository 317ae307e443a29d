"""Lists by the key in an address."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.tables import TABLES, Table


def get_table(user: User, key: str) -> Table[Any, Any]:
    """The list; Http404 where there is none of that key, or none for this person."""
    table = TABLES.get(key)
    if table is None or (table.for_administrators and not policy.sees_all(user)):
        raise Http404
    return table
