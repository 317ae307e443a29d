from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "ganeti_webmgr.bulk"

    def ready(self) -> None:
        from ganeti_webmgr.bulk.models import Bulk
        from ganeti_webmgr.bulk.tasks import go_on
        from ganeti_webmgr.jobs import endings
        from ganeti_webmgr.live import topics
        from ganeti_webmgr.permissions import policy

        def visible(user: Any, pks: set[int]) -> set[int]:
            rows = Bulk.objects.filter(pk__in=pks)
            own = rows if policy.sees_all(user) else rows.filter(requested_by=user)
            return set(own.values_list("pk", flat=True))

        topics.register("bulk", visible)
        endings.afterwards.append(go_on)
