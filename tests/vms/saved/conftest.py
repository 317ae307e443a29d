from __future__ import annotations

from tests.vms.creation.conftest import web

__all__ = ["web"]
