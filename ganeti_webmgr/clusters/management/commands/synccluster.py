"""Reads a cluster now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster


class Command(BaseCommand):
    help = "Asks a cluster everything now, and says how it went."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the cluster's name or the word for it in addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        cluster = Cluster.objects.filter(name=name).first() or Cluster.objects.filter(slug=name).first()
        if cluster is None:
            raise CommandError(f"There is no cluster “{name}”.")
        cycle.run(cluster, everything=True)
        if cluster.trouble:
            raise CommandError(f"{cluster} {cluster.get_trouble_display()}: {cluster.last_error}")
        for loop in cluster.loops.all():
            self.stderr.write(f"{loop.name}: {loop.last_error}")
        found = f"{cluster.nodes.count()} nodes, {cluster.vms.count()} machines"
        self.stdout.write(f"{cluster}: Ganeti {cluster.version}, {found}.")
