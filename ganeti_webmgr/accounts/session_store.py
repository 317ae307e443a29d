"""Django's sessions in the database, each of which says whose it is (SESSION_ENGINE)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from ganeti_webmgr.accounts.models import UserSession


class SessionStore(db.SessionStore):
    """Keeps user, address and browser beside the data: so they stay true when the key is changed."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        row: UserSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address = data.get("address", "")
        row.browser = data.get("browser", "")
        row.started_at = datetime.fromisoformat(data["started_at"]) if "started_at" in data else None
        return row
