"""Pages of what its administrators do to a cluster as a whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.administration import changes, rules
from ganeti_webmgr.administration.by_hand import by_hand
from ganeti_webmgr.administration.commands import AddRule, ChangeRule, ModifyCluster, RemoveRule
from ganeti_webmgr.administration.forms import FORMS, ModifyForm, RuleForm
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.jobs.acting import act_page, actions
from ganeti_webmgr.jobs.listing import described
from ganeti_webmgr.jobs.models import QueueRule
from ganeti_webmgr.jobs.review import opened, sealed
from ganeti_webmgr.jobs.services import hindrance, request_job
from ganeti_webmgr.permissions import policy, timeline
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

methods = require_http_methods(["GET", "HEAD", "POST"])


def _cluster(request: Request, slug: str) -> Cluster:
    return get_permitted(request.user, "view", Cluster.objects.all(), slug=slug)


def _head(cluster: Cluster) -> dict[str, Any]:
    # Without topics: news of the cluster would take what is typed, or looked at, off the page.
    return {"cluster": cluster, "state": state_of(cluster)}


@require_safe
def home(request: Request, slug: str) -> HttpResponse:
    """What can be done, the rules of the queue, and what is to be typed on the master."""
    cluster = _cluster(request, slug)
    held = policy.held(request.user, cluster)
    of_cluster = cluster.jobs.filter(vm=None, node=None, group=None, network=None)
    context = {
        **_head(cluster),
        "topics": f"cluster:{cluster.pk}",
        "actions": actions(cluster, FORMS, held),
        "no_modify": _why_not(ModifyCluster, cluster, held),
        "no_rule": _why_not(AddRule, cluster, held),
        "rules": [(rule, rules.deed(rule), rules.about(rule)) for rule in cluster.queue_rules.all()],
        "by_hand": by_hand(cluster),
        "jobs": described(of_cluster.exclude(command="").order_by("-created_at", "-pk")[:6]),
        "events": timeline.latest(request.user, cluster, administers="admin" in held),
    }
    return pages.page(request, "administration/home.html", context)


def _why_not(command: Any, cluster: Cluster, held: frozenset[str]) -> str:
    return policy.missing(command.permission, cluster, held) or hindrance(command, cluster)


@methods
def act(request: Request, slug: str, verb: str) -> HttpResponse:
    """The page on which something simple is confirmed."""
    cluster = _cluster(request, slug)
    form = FORMS[verb](request.POST if request.method == "POST" else None, on=cluster, user=request.user)
    home = reverse("administration:home", args=[cluster.slug])
    return act_page(
        request, cluster, form, template="administration/act.html", context=_head(cluster), home=home
    )


@methods
def modify(request: Request, slug: str) -> HttpResponse:
    """All settings; with changes that fit, the look at them. "Back" brings what was typed before."""
    cluster = _modifiable(request, slug)
    typed = request.POST if request.method == "POST" else None
    back = typed is not None and "back" in typed
    form = ModifyForm(QueryDict(request.POST.get("typed", "")) if back else typed, cluster=cluster)
    if form.is_valid() and not back:
        return _look(request, cluster, form.wanted, typed=request.POST.urlencode())
    context = {**_head(cluster), "form": form, "obstacle": hindrance(ModifyCluster, cluster)}
    status = 200 if back or typed is None else 422
    return pages.page(request, "administration/modify.html", context, status=status)


@require_POST
def review(request: Request, slug: str) -> HttpResponse:
    """Asks for what was looked at; where the cluster has changed since then, shows it once more."""
    cluster = _modifiable(request, slug)
    found = opened(request.POST.get("changes", ""), cluster, request.user)
    if found.state != _state(cluster, found.params):
        return _look(request, cluster, found.params, typed=request.POST.get("typed", ""), changed=True)
    command = ModifyCluster(changes=changes.body(cluster.info, found.params))
    request_job(by=request.user, command=command, on=cluster)
    return redirect("administration:home", cluster.slug)


def _modifiable(request: Request, slug: str) -> Cluster:
    cluster = _cluster(request, slug)
    policy.require(request.user, ModifyCluster.permission, cluster)
    if not cluster.info:
        raise Http404
    return cluster


def _state(cluster: Cluster, wanted: dict[str, Any]) -> list[str]:
    """How what is to be changed is now."""
    return [line.now for line in changes.table(cluster.info, wanted)]


def _look(
    request: Request, cluster: Cluster, wanted: dict[str, Any], *, typed: str, changed: bool = False
) -> HttpResponse:
    """The table of what will change, with the button that has it done."""
    sent = changes.body(cluster.info, wanted)
    context = {
        **_head(cluster),
        "lines": changes.table(cluster.info, wanted),
        "line": changes.line(sent),
        "changes": sealed(wanted, cluster, _state(cluster, wanted), request.user),
        "typed": typed,
        "changed": changed,
        "obstacle": hindrance(ModifyCluster, cluster),
    }
    return pages.page(request, "administration/review.html", context, status=409 if changed else 200)


@methods
def rule(request: Request, slug: str, uuid: str | None = None) -> HttpResponse:
    """A new rule of the queue, or another shape of one that is there."""
    cluster = _cluster(request, slug)
    command = ChangeRule if uuid else AddRule
    policy.require(request.user, command.permission, cluster)
    known = _rule(cluster, uuid) if uuid else None
    form = RuleForm(request.POST if request.method == "POST" else None, rule=known)
    if form.is_valid():
        request_job(by=request.user, command=command(**form.parameters()), on=cluster)
        return redirect("administration:home", cluster.slug)
    context = {**_head(cluster), "form": form, "rule": known, "obstacle": hindrance(command, cluster)}
    return pages.page(request, "administration/rule.html", context, status=422 if form.errors else 200)


@methods
def remove_rule(request: Request, slug: str, uuid: str) -> HttpResponse:
    """The question, and the deed."""
    cluster = _cluster(request, slug)
    policy.require(request.user, RemoveRule.permission, cluster)
    found = _rule(cluster, uuid)
    if request.method == "POST":
        request_job(by=request.user, command=RemoveRule(uuid=found.uuid), on=cluster)
        return redirect("administration:home", cluster.slug)
    context = {**_head(cluster), "rule": found, "about": rules.about(found), "deed": rules.deed(found)}
    return pages.page(request, "administration/remove_rule.html", context)


def _rule(cluster: Cluster, uuid: str) -> QueueRule:
    found = cluster.queue_rules.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
