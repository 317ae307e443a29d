"""Adds a cluster from the command line."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.onboarding import add_cluster


class Command(BaseCommand):
    help = "Adds a cluster and reads it once. The password comes from standard input, never from an argument."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("url", help="https://cluster.example.org:5080")
        parser.add_argument("--user", required=True, help="a user of the RAPI")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        trust = parser.add_mutually_exclusive_group()
        trust.add_argument("--fingerprint", default="", help="SHA-256 of the certificate")
        trust.add_argument("--ca", type=Path, help="file with the certificate authority")
        trust.add_argument("--insecure", action="store_true", help="do not verify who answers")

    def handle(self, *args: Any, **options: Any) -> None:
        password = (
            sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass("Password: ")
        )
        try:
            cluster = add_cluster(
                options["name"],
                by=shell(),
                url=options["url"],
                username=options["user"],
                password=password,
                tls=self._trust(options),
                fingerprint=options["fingerprint"],
                ca_pem=options["ca"].read_text() if options["ca"] else "",
            )
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        cycle.run(cluster, everything=True)
        if cluster.trouble:
            self.stderr.write(
                f"{cluster} was added, but {cluster.get_trouble_display()}: {cluster.last_error}"
            )
        else:
            self.stdout.write(
                f"{cluster} was added: Ganeti {cluster.version}, {cluster.vms.count()} machines."
            )

    def _trust(self, options: dict[str, Any]) -> Cluster.Tls:
        if options["fingerprint"]:
            return Cluster.Tls.PINNED
        if options["ca"]:
            return Cluster.Tls.OWN_CA
        return Cluster.Tls.UNVERIFIED if options["insecure"] else Cluster.Tls.SYSTEM
