"""Pages of clusters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.clusters.capacity import added, capacity_of, given_by_group, group_lines
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.clusters.table import CLUSTERS
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.access import access_page
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.quotas import quota_page, quotas_page
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    found = seen(request, CLUSTERS)
    administers = policy.sees_all(request.user)
    context = {
        **vars(found),
        "may_add": administers,
        "topics": "cluster:*" if administers else topics([line.cluster for line in found.lines]),
    }
    return pages.page(request, "clusters/list.html", context)


@require_safe
def detail(request: Request, slug: str) -> HttpResponse:
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    nodes = list(cluster.nodes.filter(missing_since=None).defer("details").order_by("sort_name", "pk"))
    groups = list(cluster.nodegroups.filter(missing_since=None).order_by("sort_name", "pk"))
    given = given_by_group(cluster)
    held = policy.held(request.user, cluster)
    context = {
        "cluster": cluster,
        "state": state_of(cluster),
        "as_of": as_of([cluster])[cluster.pk],
        "capacity": capacity_of(nodes),
        "allocated": added(given.values()),
        "group_lines": group_lines(cluster, groups, nodes, given),
        "networks": cluster.networks.filter(missing_since=None)
        .select_related("cluster")
        .order_by("sort_name", "pk"),
        "held": held,
        "broken_loops": cluster.loops.order_by("name"),
        "events": timeline.latest(request.user, cluster, administers="admin" in held),
        "topics": topics([cluster]),
    }
    return pages.page(request, "clusters/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Request, slug: str) -> HttpResponse:
    """Who may do what on the cluster."""
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    context = {"cluster": cluster, "state": state_of(cluster), "topics": topics([cluster])}
    return access_page(request, cluster, "clusters/access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quotas(request: Request, slug: str) -> HttpResponse:
    """How much each project has and may have; the default is set here, and quotas are given."""
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    return quotas_page(request, cluster)


@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: Request, slug: str, project: str) -> HttpResponse:
    """The quota of one project."""
    cluster = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    return quota_page(request, cluster, get_object_or_404(Project, slug=project))


def topics(clusters: list[Cluster]) -> str:
    """What a page that shows these clusters listens to."""
    return " ".join(f"cluster:{cluster.pk}" for cluster in clusters)
