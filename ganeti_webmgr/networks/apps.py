from __future__ import annotations

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "ganeti_webmgr.networks"

    def ready(self) -> None:
        from ganeti_webmgr.networks import commands  # noqa: F401 - its commands register themselves
