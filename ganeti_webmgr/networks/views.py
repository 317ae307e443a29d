"""Pages of networks."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.listing import described, failed_lately
from ganeti_webmgr.networks.access import network_named, open_job
from ganeti_webmgr.networks.filters import NetworkFilter
from ganeti_webmgr.networks.showing import addresses, connections
from ganeti_webmgr.networks.status import state_of
from ganeti_webmgr.networks.use import Users, pool_of
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import listing

SORTS = {
    "name": "sort_name",
    "cluster": "cluster__name",
    "addresses": "cidr",
    "free": "free_count",
    "taken": "reserved_count",
}
# What a line of the list shows.
LISTED = (
    "name",
    "cidr",
    "gateway",
    "free_count",
    "reserved_count",
    "cluster__slug",
    "cluster__name",
    "cluster__trouble",
    "cluster__synced_at",
)


@require_safe
def index(request: Request) -> HttpResponse:
    networks = present().select_related("cluster").only(*LISTED)
    narrowed = NetworkFilter(
        request.GET, queryset=policy.permitted(request.user, "view", networks), request=request
    )
    found = listing(request, narrowed.qs, of=networks, sorts=SORTS, default="name")
    shown = list(found.page)
    moments = as_of(network.cluster for network in shown)
    context = {
        "filter": narrowed,
        "listing": found,
        "rows": [{"network": network, "as_of": moments[network.cluster_id]} for network in shown],
        "topics": " ".join(sorted({f"cluster:{network.cluster_id}" for network in shown})),
    }
    return pages.page(request, "networks/list.html", context)


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    network = network_named(request.user, slug, name)
    users = Users(network)
    pool = pool_of(network, users.holders(request.user))
    job = open_job(network)
    latest = described(network.jobs.order_by("-created_at", "-pk")[:6])
    context = {
        "network": network,
        "state": state_of(network, job),
        "as_of": as_of([network.cluster])[network.cluster_id],
        "open_job": described([job])[0] if job else None,
        "failed_job": None if job else failed_lately(latest),
        "pool": pool,
        "addresses": addresses(request, pool),
        "connections": connections(network, users),
        "machines": len(users),
        "jobs": latest,
        "events": timeline.latest(request.user, network),
        "topics": f"network:{network.pk} cluster:{network.cluster_id}",
    }
    return pages.page(request, "networks/detail.html", context)


def present() -> QuerySet[Network]:
    """The networks that are there: nothing of ours hangs on one that is gone."""
    return Network.objects.filter(missing_since=None)
