from __future__ import annotations

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "ganeti_webmgr.administration"

    def ready(self) -> None:
        # Workers read the commands of rows, and never a page's address.
        from ganeti_webmgr.administration import commands, tags  # noqa: F401
