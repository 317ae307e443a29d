"""Encrypts what is stored with the first of the field keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import Undecipherable, reseal


class Command(BaseCommand):
    help = "Encrypts every stored password anew with the first field key; the older keys can then be removed."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        clusters = list(Cluster.objects.select_for_update().exclude(password="").only("password", "name"))
        for count, cluster in enumerate(clusters, start=1):
            try:
                cluster.password = reseal(cluster.password)
            except Undecipherable as error:
                raise CommandError(f"{cluster}: {error} Nothing was changed.") from None
            cluster.save(update_fields=["password"])
            self.stdout.write(f"{count} {cluster}")
        record("keys.rotated", by=shell(), after={"passwords": len(clusters)})
