"""Brings over the database of the original Ganeti Web Manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.reconcile.importing.run import bring_all
from ganeti_webmgr.reconcile.importing.source import Unreadable, opened


class Command(BaseCommand):
    help = (
        "Brings over clusters, people, groups, rights, quotas, owners, SSH keys and templates from the "
        "database of Ganeti Web Manager 0.11, and says line by line what it did (+), what is here (=) "
        "and what it could not (!). It may be run again: what is here is left as it is. No cluster is asked "
        "anything."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="an SQLite file, or what `sqlite3 FILE .dump` wrote")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            with opened(file) as source:
                report = bring_all(source, by=shell(), is_dry=dry_run)
        except Unreadable as error:
            raise CommandError(str(error)) from None
        for line in report.as_text():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Nothing was changed: a dry run.")
