"""Whether the record is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.audit.chain import end, faults


class Command(BaseCommand):
    help = "Says whether any event of the record was changed, put in or taken out since it was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kept", default="", help="a digest printed before, which must still be there")

    def handle(self, *args: Any, **options: Any) -> None:
        tip, _ = end()  # before the look, which may see more that was added meanwhile
        found = list(faults(kept=options["kept"]))
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError("The record is not as it was written.")
        self.stdout.write(f"{tip.count} events, each as it was written. The digest of the last one:")
        self.stdout.write(tip.digest or "none")
