"""Pages of node groups."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.clusters.capacity import given_by_group, group_lines
from ganeti_webmgr.clusters.counting import present
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster, NodeGroup
from ganeti_webmgr.jobs.acting import act_page, actions
from ganeti_webmgr.jobs.listing import described, failed_lately
from ganeti_webmgr.nodes.groups.access import find_group, menu
from ganeti_webmgr.nodes.groups.forms import FORMS, CreateGroupForm
from ganeti_webmgr.nodes.groups.policy import policy_of
from ganeti_webmgr.nodes.groups.words import ALLOCATION
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.parameters import of_group
from ganeti_webmgr.nodes.status import state_of
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    group = find_group(request.user, slug, name)
    nodes = nodes_of(group)
    [line] = group_lines(group.cluster, [group], nodes, given_by_group(group.cluster))
    latest = described(group.jobs.order_by("-created_at", "-pk")[:6])
    job = group.jobs.open().order_by("created_at", "pk").first()
    found = actions(group, FORMS, policy.held(request.user, group), job)
    context = {
        "group": group,
        "allocation": ALLOCATION.get(group.alloc_policy, group.alloc_policy),
        "as_of": as_of([group.cluster])[group.cluster_id],
        "actions": found,
        "menu": menu(found),
        "open_job": described([job])[0] if job else None,
        "failed_job": None if job else failed_lately(latest),
        "line": line,
        "nodes": [{"node": node, "state": state_of(node)} for node in nodes],
        "policy": policy_of(group),
        "parameters": of_group(group),
        "disk_kinds": group.details.get("custom_diskparams") or {},
        "connections": connections(group),
        "jobs": latest,
        "events": timeline.latest(request.user, group),
        "topics": f"nodegroup:{group.pk} cluster:{group.cluster_id}",
    }
    return pages.page(request, "nodegroups/detail.html", context)


@methods
def act(request: Request, slug: str, name: str, verb: str) -> HttpResponse:
    """The page on which a command is chosen and confirmed, and where it is asked for."""
    group = find_group(request.user, slug, name)
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST if request.method == "POST" else None, on=group, user=request.user)
    return act_page(request, group, form, template="nodegroups/act.html", context={"group": group})


@methods
def new(request: Request, slug: str) -> HttpResponse:
    """A group that is to be made on the cluster."""
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    form = CreateGroupForm(request.POST if request.method == "POST" else None, on=cluster, user=request.user)
    return act_page(request, cluster, form, template="nodegroups/new.html", context={"cluster": cluster})


def nodes_of(group: NodeGroup) -> list[Node]:
    """Its nodes, each with how many machines it is the primary node of."""
    nodes = group.nodes.annotate(machines=present(Node, "primary_vms")).order_by("sort_name", "pk")
    prefetch_related_objects([group], Prefetch("nodes", nodes.defer("details").select_related("cluster")))
    return [node for node in group.nodes.all() if node.missing_since is None]


def connections(group: NodeGroup) -> list[dict[str, Any]]:
    """The networks of its cluster that its machines can use, each with how."""
    return [
        {"network": network, **connection}
        for network in group.cluster.networks.filter(missing_since=None).order_by("sort_name", "pk")
        for connection in network.details.get("connections") or ()
        if connection.get("group") == group.name
    ]
