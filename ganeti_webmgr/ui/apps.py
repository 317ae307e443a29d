from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ganeti_webmgr.ui"
