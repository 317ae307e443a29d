"""Networks for views: found by address, and who has one busy."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions import policy


def network_named(user: User, slug: str, name: str) -> Network:
    """The network of that name that is there, else the last that was; Http404 where none is to be seen."""
    rows = Network.objects.select_related("cluster").filter(cluster__slug=slug, name=name)
    visible = policy.permitted(user, "view", rows)
    found = visible.order_by(F("missing_since").desc(nulls_first=True), "-pk").first()
    if found is None:
        raise Http404
    return found


def open_job(network: Network) -> Job | None:
    """The job that is changing the network now."""
    return network.jobs.open().order_by("created_at", "pk").first()
