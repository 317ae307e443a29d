"""Whether the record is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ganeti_webmgr.audit.chain import faults
from ganeti_webmgr.audit.models import Event


class Command(BaseCommand):
    help = "Says whether any event of the record was changed, put in or taken out since it was written."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(faults())
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError("The record is not as it was written.")
        self.stdout.write(f"{Event.objects.count()} events, each as it was written.")
