from __future__ import annotations

from django.apps import AppConfig


class ConsolesConfig(AppConfig):
    name = "ganeti_webmgr.consoles"

    def ready(self) -> None:
        from ganeti_webmgr.consoles.models import Console
        from ganeti_webmgr.permissions.topics import register_model

        register_model("console", Console)
