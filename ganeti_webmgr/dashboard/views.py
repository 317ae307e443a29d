"""The pages that span everything: what somebody sees first, and what is found."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.freshness import as_of
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.dashboard import capacity, doing, findings, searching, tally
from ganeti_webmgr.dashboard.drawing import WITH_NAMES, WITH_SQUARES, draw
from ganeti_webmgr.dashboard.estate import Estate, run_by
from ganeti_webmgr.dashboard.mapping import plan_of, summary
from ganeti_webmgr.dashboard.mine import my_page, running_jobs
from ganeti_webmgr.dashboard.shares import shares
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.ending import count_ending, list_ending
from ganeti_webmgr.permissions.holders import SOON
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.context import Entry, navigation
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.models import VirtualMachine


@require_safe
def overview(request: Request) -> HttpResponse:
    """The estate for those who run some of it; for everybody else, his machines."""
    estate = run_by(request.user)
    if estate is None:
        return pages.page(request, "dashboard/mine.html", my_page(request.user))
    return pages.page(request, "dashboard/overview.html", estate_page(request.user, estate))


@require_safe
def ending(request: Request) -> HttpResponse:
    """The rights that end soon on what the person decides about."""
    context = {"ending": list_ending(request.user), "days": SOON.days}
    return pages.page(request, "dashboard/ending.html", context)


def estate_page(user: User, estate: Estate) -> dict[str, Any]:
    """What the overview of the estate shows."""
    by_owner = tally.machines(user)
    machines, nodes = tally.by_cluster(by_owner), tally.by_cluster(tally.nodes(user))
    found = [
        *findings.of_clusters(estate),
        *findings.of_counts(estate, machines=machines, nodes=nodes, jobs=tally.by_cluster(tally.jobs(user))),
        *capacity.over_quotas(user, estate, by_owner),
    ]
    if number := count_ending(user):
        found.append(findings.ending_soon(number, SOON.days))
    lines = capacity.lines(estate, machines, nodes)
    all_machines = sum(machines.values(), Counter[str]())
    return {
        "findings": found,
        "lines": lines[: capacity.SHOWN],
        "clusters": len(lines),
        "nodes": sum(figures["nodes"] for figures in nodes.values()),
        "machines": all_machines,
        "shares": shares(all_machines),
        "sentences": capacity.sentences(lines),
        "jobs": running_jobs(user),
        "topics": "cluster:* job:*"
        if policy.sees_all(user)
        else " ".join(f"cluster:{pk}" for pk in estate.clusters),
    }


@require_safe
def cluster_map(request: Request, slug: str) -> HttpResponse:
    """Groups, nodes and machines of a cluster, and which node has what."""
    cluster = get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)
    plan = plan_of(cluster, request.user)
    context = {
        "cluster": cluster,
        "state": state_of(cluster),
        "as_of": as_of([cluster])[cluster.pk],
        "plan": plan,
        "drawing": draw(plan),
        "summary": summary(plan),
        "with_machines": plan.machines <= WITH_SQUARES,
        "is_open": plan.machines <= WITH_NAMES,
        "topics": f"cluster:{cluster.pk}",
    }
    return pages.page(request, "dashboard/map.html", context)


@require_safe
def search(request: Request) -> HttpResponse:
    """What is found, as a page that needs no script."""
    text = request.GET.get("q", "")
    return pages.page(
        request, "dashboard/search.html", {"q": text, "found": searching.search(request.user, text)}
    )


@require_safe
def palette(request: Request) -> HttpResponse:
    """What is found while it is typed, and what can be done with it."""
    words = searching.words_of(request.GET.get("q", ""))
    verb, rest = doing.split(words)
    if verb:
        offered, found = doing.named(request.user, verb, rest), []
    else:
        found = searching.search(request.user, " ".join(words), most=searching.SHOWN_BRIEFLY)
        offered = doing.of_one(request.user, machines_of(found))
    context = {"words": words, "doing": offered, "found": found, "places": places(request, words)}
    return render(request, "dashboard/hits.html", context)


def machines_of(found: list[searching.Found]) -> list[VirtualMachine]:
    """The machines among what was found."""
    return [row for group in found for row in group.objects if isinstance(row, VirtualMachine)]


def places(request: Request, words: list[str]) -> list[Entry]:
    """The pages of the navigation that the words name; all of them before anything is typed."""
    entries = [entry for section in navigation(request) for entry in section.entries]
    return [entry for entry in entries if all(word.lower() in entry.label.lower() for word in words)]
