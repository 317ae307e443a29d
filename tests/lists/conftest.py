from __future__ import annotations

from tests.permissions.conftest import bob, dana, web

__all__ = ["bob", "dana", "web"]
