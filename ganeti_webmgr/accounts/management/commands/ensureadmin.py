"""The first administrator of a new installation."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from ganeti_webmgr.accounts.models import User


class Command(BaseCommand):
    help = "Makes the first administrator and prints a one-time password; does nothing where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser("admin", password=password, password_is_temporary=True)
        self.stdout.write(password)
