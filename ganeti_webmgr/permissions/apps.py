from __future__ import annotations

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "ganeti_webmgr.permissions"

    def ready(self) -> None:
        from ganeti_webmgr.permissions.models import Project
        from ganeti_webmgr.permissions.topics import register_model

        register_model("project", Project)
