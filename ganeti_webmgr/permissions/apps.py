from __future__ import annotations

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "ganeti_webmgr.permissions"
