"""Pages of consoles."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.audit.origin import client_address
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of as cluster_state
from ganeti_webmgr.consoles import screens, services, tickets, viewers
from ganeti_webmgr.consoles.endings import ENDINGS
from ganeti_webmgr.consoles.forms import ClusterConsolesForm, EndForm, TicketForm
from ganeti_webmgr.consoles.models import ClusterConsoles, Console, Kind, Mode
from ganeti_webmgr.consoles.offers import offers
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.access import machine
from ganeti_webmgr.vms.models import VirtualMachine

MOST_SHOWN = 200
MOST_ENDED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: Request, slug: str, name: str) -> HttpResponse:
    """The console of a machine; a POST gives a ticket for it."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "watch", vm)
    if request.method == "POST":
        return _ticket(request, vm)
    if vm.name != name:
        return redirect("consoles:screen", vm.cluster.slug, vm.name)
    usable = offers(vm).kinds or (Kind.SCREEN,)
    kind = Kind(asked) if (asked := request.GET.get("kind")) in usable else usable[0]
    may_touch = policy.may(request.user, "console", vm) and request.GET.get("mode") != Mode.WATCH
    mode = Mode.CONTROL if may_touch else Mode.WATCH
    response = render(request, "consoles/screen.html", screens.page(request, vm, kind=kind, mode=mode))
    return screens.with_policy(request, response, kind)


def _ticket(request: Request, vm: VirtualMachine) -> HttpResponse:
    form = TicketForm(request.POST)
    if not form.is_valid():
        raise Http404
    secret = tickets.issue(
        request.user,
        vm,
        kind=Kind(form.cleaned_data["kind"]),
        mode=Mode(form.cleaned_data["mode"]),
        session_key=request.session.session_key or "",
        origin=screens.origin(request),
        address=client_address(request),
    )
    response = JsonResponse({"ticket": secret})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def bar(request: Request, slug: str, name: str) -> HttpResponse:
    """The part of a console's page that follows the machine."""
    vm = machine(request.user, slug, name)
    policy.require(request.user, "watch", vm)
    return render(request, "consoles/bar.html", screens.bar(request, vm))


@require_POST
def viewer(request: Request, slug: str, name: str, protocol: str, as_file: str) -> HttpResponse:
    """A file for a desktop viewer."""
    vm = machine(request.user, slug, name)
    file = viewers.viewer_file(vm, protocol=protocol, as_file=as_file, by=request.user)
    response = HttpResponse(file.text, content_type=file.type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Who is on what; a POST ends some of them."""
    rows = Console.objects.select_related("user", "vm__cluster", "vm__owner").defer(
        "vm__details", "vm__cluster__info"
    )
    visible = policy.permitted(request.user, "view", rows)
    opened = list(visible.filter(pk__in=Console.objects.open()).order_by("-started_at", "-pk")[:MOST_SHOWN])
    form = EndForm(
        request.POST if request.method == "POST" else None, choices=[console.pk for console in opened]
    )
    if form.is_valid():
        chosen = [console for console in opened if console.pk in form.cleaned_data["console"]]
        ended = services.end(chosen, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, f"{ended} console{'' if ended == 1 else 's'} will end within seconds.")
        return redirect("consoles:index")
    since = timezone.now() - timedelta(days=1)
    ended_rows = visible.filter(ended_at__gt=since).order_by("-ended_at", "-pk")[:MOST_ENDED]
    sees_all = policy.sees_all(request.user)
    context = {
        "opened": opened,
        "people": len({console.user_id for console in opened}),
        "ended": [(console, ENDINGS.get(console.ending)) for console in ended_rows],
        "form": form,
        "topics": "console:*" if sees_all else " ".join(f"console:{console.pk}" for console in opened),
    }
    return pages.page(request, "consoles/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cluster(request: Request, slug: str) -> HttpResponse:
    """How the screens of a cluster's machines are reached."""
    found = get_permitted(request.user, "admin", Cluster.objects.all(), slug=slug)
    known = ClusterConsoles.objects.filter(cluster=found).first()
    initial = {"ca_pem": known.ca_pem, "reached_directly": known.reached_directly} if known else {}
    form = ClusterConsolesForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.configure(
            found,
            by=request.user,
            password=form.new_password,
            ca_pem=form.cleaned_data["ca_pem"],
            reached_directly=form.cleaned_data["reached_directly"],
        )
        messages.info(request, "Saved. Consoles that are opened from now on use it.")
        return redirect("consoles:cluster", found.slug)
    context = {
        "cluster": found,
        "state": cluster_state(found),
        "form": form,
        "has_password": bool(known and known.password),
    }
    return pages.page(request, "consoles/cluster.html", context, status=422 if form.errors else 200)
