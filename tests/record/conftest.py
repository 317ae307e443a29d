"""The people of the permissions' tests, and a record with something in it."""

from __future__ import annotations

from tests.permissions.conftest import bob, dana, mine, others, web

__all__ = ["bob", "dana", "mine", "others", "web"]
