"""The first administrator of a new installation."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.audit.record import record


class Command(BaseCommand):
    help = "Makes the first administrator and prints a one-time password; does nothing where there is one."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        admin = User.objects.create_superuser("admin", password=password, password_is_temporary=True)
        after = {"username": admin.username, "is_superuser": True}
        record("person.created", admin, by=shell(), person=admin, after=after)
        self.stdout.write(password)
