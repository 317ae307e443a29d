from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ganeti_webmgr.people"

    def ready(self) -> None:
        from ganeti_webmgr.live import topics
        from ganeti_webmgr.permissions import policy

        def visible(user: Any, pks: set[int]) -> set[int]:
            return pks if policy.sees_all(user) else pks & {user.pk}

        topics.register("user", visible)
