"""Pages of nodes."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.jobs.listing import described
from ganeti_webmgr.nodes.filters import NodeFilter
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.status import state_of
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import listing

SORTS = {
    "name": "sort_name",
    "cluster": "cluster__name",
    "group": "group__sort_name",
    "role": "role",
    "memory": "memory_free_mib",
    "disk": "disk_free_mib",
}
# What a line of the list shows.
LISTED = (
    "name",
    "role",
    "missing_since",
    "memory_total_mib",
    "memory_free_mib",
    "disk_total_mib",
    "disk_free_mib",
    "cluster__slug",
    "cluster__name",
    "cluster__trouble",
    "cluster__synced_at",
    "group__name",
)


@require_safe
def index(request: Request) -> HttpResponse:
    nodes = Node.objects.select_related("cluster", "group").only(*LISTED)
    narrowed = NodeFilter(
        request.GET, queryset=policy.permitted(request.user, "view", nodes), request=request
    )
    found = listing(request, narrowed.qs, of=nodes, sorts=SORTS, default="name")
    shown = list(found.page)
    moments = as_of(node.cluster for node in shown)
    primaries = machine_counts(shown)
    context = {
        "filter": narrowed,
        "listing": found,
        "rows": [
            {
                "node": node,
                "state": state_of(node),
                "as_of": moments[node.cluster_id],
                "machines": primaries.get(node.pk, 0),
            }
            for node in shown
        ],
        "topics": topics(shown),
    }
    return pages.page(request, "nodes/list.html", context)


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    rows = Node.objects.select_related("cluster", "group").filter(cluster__slug=slug)
    node = get_permitted(request.user, "view", rows, name=name)
    context = {
        "node": node,
        "state": state_of(node),
        "as_of": as_of([node.cluster])[node.cluster_id],
        "machines": node.primary_vms.filter(missing_since=None).count(),
        "mirrors": node.secondary_vms.filter(missing_since=None).count(),
        "jobs": described(node.jobs.order_by("-created_at", "-pk")[:6]),
        "topics": topics([node]),
    }
    return pages.page(request, "nodes/detail.html", context)


def machine_counts(nodes: list[Node]) -> dict[int, int]:
    """By primary key, how many machines have each node as their primary one."""
    rows = Node.objects.filter(pk__in=[node.pk for node in nodes])
    present = Count("primary_vms", filter=Q(primary_vms__missing_since=None))
    # Grouped by the key alone, and not by every column.
    return dict(rows.order_by().values("pk").annotate(machines=present).values_list("pk", "machines"))


def topics(nodes: list[Node]) -> str:
    """What a page that shows these nodes listens to."""
    return " ".join(
        [*(f"node:{node.pk}" for node in nodes), *sorted({f"cluster:{node.cluster_id}" for node in nodes})]
    )
