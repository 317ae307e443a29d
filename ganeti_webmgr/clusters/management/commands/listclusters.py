"""The clusters of this site, for scripts."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from ganeti_webmgr.clusters.models import Cluster


class Command(BaseCommand):
    help = "Prints one JSON object a line for each cluster: slug, name, url."

    def handle(self, *args: Any, **options: Any) -> None:
        for cluster in Cluster.objects.order_by("slug", "pk").values("slug", "name", "url"):
            self.stdout.write(json.dumps(cluster))
