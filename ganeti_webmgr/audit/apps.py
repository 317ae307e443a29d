from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ganeti_webmgr.audit"

    def ready(self) -> None:
        from ganeti_webmgr.audit import signing_in  # noqa: F401 - listens to what Django tells of sign-ins
