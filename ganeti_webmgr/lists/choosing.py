"""The columns that a person chose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.tables import Table


def choose_columns(user: User, table: Table[Any, Any], keys: Collection[str] | None) -> None:
    """Shows the person just these columns of the list from now on; None: those that everybody has at first.

    How somebody looks at a list is nobody else's affair: it is not recorded.
    """
    user.columns.pop(table.key, None)
    if keys is not None:
        user.columns[table.key] = [column.key for column in table.columns[1:] if column.key in keys]
    user.save(update_fields=["columns"])
