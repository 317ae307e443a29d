from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "ganeti_webmgr.dashboard"
