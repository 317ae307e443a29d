from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ganeti_webmgr.accounts"

    def ready(self) -> None:
        from ganeti_webmgr.accounts import sessions  # noqa: F401 - listens to sign-ins
