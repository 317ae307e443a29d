"""Pages of networks."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.acting import act_page, actions
from ganeti_webmgr.jobs.listing import described, failed_lately
from ganeti_webmgr.lists.reading import over_list
from ganeti_webmgr.networks.access import network_named, open_job
from ganeti_webmgr.networks.filters import NetworkFilter
from ganeti_webmgr.networks.forms import FORMS, CreateForm
from ganeti_webmgr.networks.showing import addresses, connections
from ganeti_webmgr.networks.status import state_of
from ganeti_webmgr.networks.table import NETWORKS
from ganeti_webmgr.networks.use import Users, pool_of
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

# What stands in the menu of a network, in groups, beside what is a button.
MENU = (("release", "connect", "disconnect"), ("rename", "tags"), ("remove",))


@require_safe
def index(request: Request) -> HttpResponse:
    found = seen(request, NETWORKS)
    context = {
        **vars(found),
        "saved": over_list(request, found),
        "create_on": creatable(request, found.filter),
        "topics": " ".join(sorted({f"cluster:{line.network.cluster_id}" for line in found.lines})),
    }
    return pages.page(request, "networks/list.html", context)


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    network = network_named(request.user, slug, name)
    users = Users(network)
    pool = pool_of(network, users.holders(request.user))
    job = open_job(network)
    held = policy.held(request.user, network)
    found = actions(network, FORMS, held, job)
    latest = described(network.jobs.order_by("-created_at", "-pk")[:6])
    context = {
        "network": network,
        "state": state_of(network, job),
        "as_of": as_of([network.cluster])[network.cluster_id],
        "open_job": described([job])[0] if job else None,
        "failed_job": None if job else failed_lately(latest),
        "actions": found,
        "menu": [[found[verb] for verb in group] for group in MENU],
        "pool": pool,
        "addresses": addresses(request, pool, found),
        "connections": connections(network, users, found),
        "machines": len(users),
        "jobs": latest,
        "events": timeline.latest(request.user, network),
        "topics": f"network:{network.pk} cluster:{network.cluster_id}",
    }
    return pages.page(request, "networks/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, slug: str, name: str, verb: str) -> HttpResponse:
    """The page on which a command is chosen and confirmed, and where it is asked for."""
    network = network_named(request.user, slug, name)
    if verb not in FORMS:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    chosen = {name: request.GET[name] for name in ("group", "addresses") if name in request.GET}
    form = FORMS[verb](posted, initial=chosen, on=network, user=request.user)
    return act_page(request, network, form, template="networks/act.html", context={})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, slug: str) -> HttpResponse:
    """Makes a network on the cluster."""
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    form = CreateForm(request.POST if request.method == "POST" else None, on=cluster, user=request.user)
    return act_page(request, cluster, form, template="networks/create.html", context={})


def creatable(request: Request, narrowed: NetworkFilter) -> Cluster | None:
    """The cluster on which the person would make one: the one that is shown, or the only one of his."""
    ruled = policy.permitted(request.user, "admin", Cluster.objects.only("slug", "name"))
    shown = narrowed.form.cleaned_data.get("cluster") if narrowed.is_valid() else None
    found = list((ruled.filter(pk=shown.pk) if shown else ruled).order_by("name", "pk")[:2])
    return found[0] if len(found) == 1 else None
