"""The pages about the own account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.sessions import open_sessions


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """The pages, with how many things are on each and the one where one is marked."""
    pages = [
        ("profile", "Profile", None),
        ("keys", "SSH keys", user.ssh_keys.count()),
        ("sessions", "Sessions", open_sessions(user).count()),
        ("password_change", "Password", None),
    ]
    return [
        {"url": reverse(view), "label": label, "count": count, "is_current": view == current}
        for view, label, count in pages
    ]
