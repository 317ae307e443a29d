"""Pages of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.jobs.acting import act_page, actions
from ganeti_webmgr.jobs.family import told_whole
from ganeti_webmgr.jobs.listing import Described, described, failed_lately
from ganeti_webmgr.lists.reading import over_list
from ganeti_webmgr.nodes.access import beside, find_node, menu
from ganeti_webmgr.nodes.forms import FORMS
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.parameters import of_node
from ganeti_webmgr.nodes.plan import primaries, secondaries
from ganeti_webmgr.nodes.status import state_of, state_of_machine
from ganeti_webmgr.nodes.storage import known
from ganeti_webmgr.nodes.table import NODES
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine

SHOWN = 8  # machines in a short list


class Hosted(TypedDict):
    """Machines in a short list."""

    count: int
    first: list[dict[str, Any]]


@require_safe
def index(request: Request) -> HttpResponse:
    found = seen(request, NODES)
    context = {
        **vars(found),
        "saved": over_list(request, found),
        "topics": topics([line.node for line in found.lines]),
    }
    return pages.page(request, "nodes/list.html", context)


@require_safe
def detail(request: Request, slug: str, name: str) -> HttpResponse:
    node = find_node(request.user, slug, name)
    latest = told_whole(node.jobs.order_by("-created_at", "-pk")[:6])
    job = node.jobs.open().order_by("created_at", "pk").first()
    held = policy.held(request.user, node)
    found = actions(node, FORMS, held, job)
    current = described([job])[0] if job else next(filter(is_moving, latest[:1]), None)
    first, second = hosted(primaries(node, request.user)), hosted(secondaries(node, request.user))
    shown = [row["vm"] for row in (*first["first"], *second["first"])]
    context = {
        "node": node,
        "state": state_of(node),
        "as_of": as_of([node.cluster])[node.cluster_id],
        "held": held,
        "actions": found,
        "beside": found[beside(node)],
        "menu": menu(node, found),
        "open_job": current,
        "failed_job": None if job else failed_lately(latest),
        "primaries": first,
        "secondaries": second,
        "storage": known(node),
        "parameters": of_node(node),
        "jobs": latest,
        "events": timeline.latest(request.user, node),
        "topics": " ".join(
            [
                topics([node]),
                *dict.fromkeys(f"vm:{vm.pk}" for vm in shown),
                *(f"job:{line.job.pk}" for line in latest),  # which are told of those that they began
            ]
        ),
    }
    return pages.page(request, "nodes/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, slug: str, name: str, verb: str) -> HttpResponse:
    """The page on which a command is chosen and confirmed, and where it is asked for."""
    node = find_node(request.user, slug, name)
    if verb not in FORMS:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    chosen = {"unit": request.GET["unit"]} if "unit" in request.GET else None
    form = FORMS[verb](posted, initial=chosen, on=node, user=request.user)
    return act_page(request, node, form, template="nodes/act.html", context={"node": node})


def is_moving(line: Described) -> bool:
    """Whether the job, or what it began, has not ended."""
    return line.state.tone == "busy"


def hosted(vms: QuerySet[VirtualMachine]) -> Hosted:
    """The machines as a short list, and how many there are."""
    first = [{"vm": vm, "state": state_of_machine(vm)} for vm in vms[:SHOWN]]
    return {"count": vms.count() if len(first) == SHOWN else len(first), "first": first}


def topics(nodes: list[Node]) -> str:
    """What a page that shows these nodes listens to."""
    return " ".join(
        [*(f"node:{node.pk}" for node in nodes), *sorted({f"cluster:{node.cluster_id}" for node in nodes})]
    )
