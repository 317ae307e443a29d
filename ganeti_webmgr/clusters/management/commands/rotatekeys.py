"""Encrypts what is stored with the first of the field keys."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import Undecipherable, reseal


class Command(BaseCommand):
    help = (
        "Encrypts all that is stored encrypted anew with the first field key; older keys can then be removed."
    )

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
        self._reseal_jobs()
        record("keys.rotated", by=shell(), after={"passwords": len(clusters)})

    def _reseal_jobs(self) -> None:
        """What jobs keep for machines that could not be made yet."""
        jobs = apps.get_model("jobs", "Job")._default_manager.select_for_update().exclude(sealed="")
        for job in jobs.only("sealed"):
            try:
                job.sealed = reseal(job.sealed)
            except Undecipherable as error:
                raise CommandError(f"{job}: {error} Nothing was changed.") from None
            job.save(update_fields=["sealed"])
