from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class ReconcileConfig(AppConfig):
    name = "ganeti_webmgr.reconcile"

    def ready(self) -> None:
        from ganeti_webmgr.live import topics
        from ganeti_webmgr.reconcile.models import Settlement

        def visible(user: Any, pks: set[int]) -> set[int]:
            return set(Settlement.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))

        topics.register("settlement", visible)
