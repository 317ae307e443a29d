"""Pages on which those who administer clusters settle what differs between Ganeti and us."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.lists.exports import handed_out
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.reconcile import kinds, services
from ganeti_webmgr.reconcile.exports import as_csv, renamed_as_csv
from ganeti_webmgr.reconcile.kinds import KINDS, Kind
from ganeti_webmgr.reconcile.models import Entry, Settlement
from ganeti_webmgr.reconcile.review import looked_at, rows_to_settle
from ganeti_webmgr.reconcile.showing import STATES, lines, silent, tabs, whole
from ganeti_webmgr.reconcile.verbs import VERBS
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.choosing import chosen
from ganeti_webmgr.ui.confirming import CountForm
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.listing import listing, ordered

RENAMED_SORTS = {"when": "until"}
SHOWN = {
    "refused": "Refused",
    "waiting": "Waiting",
    "done": "Done",
    "skipped": "Skipped before",
    "all": "All",
}


@require_safe
def index(request: Request, kind: str = "nobodys") -> HttpResponse:
    """One of the lists."""
    require_some(request)
    known = kind_of(kind)
    narrowed = known.narrow(request.GET, queryset=kinds.rows_of(known, request.user), request=request)
    found = listing(
        request, narrowed.qs, of=whole(known), sorts=dict(known.sorts), default=known.default, scanned=True
    )
    rows = list(found.page)
    context = {
        "kind": known,
        "filter": narrowed,
        "listing": found,
        "lines": lines(known, rows),
        "verbs": [VERBS[name] for name in known.verbs],
        "tabs": tabs(request.user, known.key, None if narrowed.form.has_changed() else found.total),
        "silent": silent(request.user),
        "query": request.GET.urlencode(),
        "topics": " ".join(sorted({f"cluster:{row.cluster_id}" for row in rows})),
    }
    return pages.page(request, "reconcile/list.html", context)


@require_safe
def renamed(request: Request) -> HttpResponse:
    """Machines that somebody renamed by other means than ours; they keep their uuid, and so their owner."""
    require_some(request)
    whole_rows = kinds.former_names().select_related("vm__cluster", "vm__owner").defer("vm__details")
    found = listing(request, kinds.renamed(request.user), of=whole_rows, sorts=RENAMED_SORTS, default="-when")
    context = {
        "listing": found,
        "tabs": tabs(request.user, kinds.RENAMED, found.total),
        "silent": silent(request.user),
    }
    return pages.page(request, "reconcile/renamed.html", context)


@require_POST
def export(request: Request, kind: str) -> HttpResponseBase:
    """One of the lists under this address, all pages of it, as a file."""
    require_some(request)
    known = kind_of(kind)
    visible = kinds.of_his_clusters(whole(known).filter(known.condition), request.user)
    narrowed = known.narrow(request.GET, queryset=visible, request=request)
    if not narrowed.is_valid():  # more than was meant must not leave: the list says what is wrong
        return redirect(f"{reverse('reconcile:kind', args=[kind])}?{request.GET.urlencode()}")
    _, order = ordered(request, dict(known.sorts), known.default, [])
    rows = narrowed.qs.order_by(*order)
    return handed_out(
        as_csv(known, rows),
        to=request.user,
        name=f"Reconcile: {known.label}",
        file=kind,
        rows=rows.count(),
        filters={name: request.GET[name] for name in narrowed.form.fields if request.GET.get(name)},
    )


@require_POST
def export_renamed(request: Request) -> HttpResponseBase:
    """The list of machines that somebody renamed, all pages of it, as a file."""
    require_some(request)
    visible = kinds.renamed(request.user).select_related("vm__cluster", "vm__owner").defer("vm__details")
    _, order = ordered(request, RENAMED_SORTS, "-when", [])
    rows = visible.order_by(*order)
    return handed_out(
        renamed_as_csv(rows),
        to=request.user,
        name="Reconcile: Renamed outside",
        file=kinds.RENAMED,
        rows=rows.count(),
        filters={},
    )


@require_POST
def choose(request: Request, kind: str) -> HttpResponse:
    """Fixes the rows that were chosen in the list, and leads to the look at what would happen."""
    require_some(request)
    known, verb = kind_of(kind), request.POST.get("verb", "")
    if verb not in known.verbs:
        raise Http404
    visible = kinds.rows_of(known, request.user)
    those = chosen(request, visible, narrow=known.narrow, field="row", what=VERBS[verb].what)
    rows = list(those.rows.only("name", "cluster_id").order_by("sort_name", "pk"))
    if not rows:
        raise Http404
    return redirect(services.choose(rows, verb=verb, by=request.user, chosen_by=those.words))


@require_http_methods(["GET", "HEAD", "POST"])
def settlement(request: Request, token: str) -> HttpResponse:
    """Before it is confirmed, what would happen; afterwards, what became of each."""
    require_some(request)
    rows = Settlement.objects.visible_to(request.user).select_related("requested_by")
    found = get_object_or_404(rows, token=token)
    if request.method == "POST":
        policy.require_chooser(request.user, found.requested_by, what="rows")
    return look(request, found) if found.confirmed_at is None else result(request, found)


def look(request: Request, settlement: Settlement) -> HttpResponse:
    """The dry run, and its confirmation: done is what was looked at, or nothing."""
    verb = VERBS[settlement.verb]
    posted = request.POST if request.method == "POST" else None
    ready = verb.can_be_judged(settlement.params)
    initial = settlement.params if ready else verb.suggestion(rows_to_settle(settlement, by=request.user))
    form = verb.form(posted, initial=initial, user=request.user)
    if posted is not None and form.is_valid() and ("look" in posted or form.params != settlement.params):
        services.look_with(settlement, form.params)
        return redirect(settlement)
    review = looked_at(settlement, by=settlement.requested_by or request.user) if ready else None
    count = review.count if review else 0
    wants = posted if posted is not None and "confirm" in posted else None
    confirm = CountForm(wants, count=count, is_danger=verb.is_danger, what=verb.what)
    seen = wants.get("seen", "") if wants is not None else ""
    moved = wants is not None and review is not None and seen != review.seen
    if wants is not None and form.is_valid() and confirm.is_valid() and count and not moved:
        services.confirm(settlement, by=request.user, seen=seen)
        return redirect(settlement)
    context = {
        **_shown(settlement),
        "form": form,
        "confirm": confirm,
        "review": review,
        "count": count,
        "moved": moved,
        "is_own": settlement.requested_by == request.user,
        "total": settlement.entries.count(),
        "entries": None if review else settlement.entries.order_by("pk")[:200],
    }
    return pages.page(request, "reconcile/review.html", context, status=422 if form.errors or wants else 200)


def result(request: Request, settlement: Settlement) -> HttpResponse:
    conditions = {name: Q() if name == "all" else Q(status=name) for name in SHOWN}
    counts = settlement.entries.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    first = next((name for name in ("refused", "waiting") if counts[name]), "all")
    show = request.GET.get("show", first)
    rows = settlement.entries.filter(conditions.get(show, Q()))
    whole_rows = settlement.entries.select_related("cluster", "vm__cluster").defer("vm__details")
    found = listing(request, rows, of=whole_rows, sorts={"order": "pk"}, default="order")
    context: dict[str, Any] = {
        **_shown(settlement),
        "counts": counts,
        "tabs": [
            {"label": label, "url": f"?show={name}", "count": counts[name], "is_current": name == show}
            for name, label in SHOWN.items()
            if counts[name] or name == show
        ],
        "listing": found,
        "rows": [{"entry": entry, "state": _state(settlement, entry)} for entry in found.page],
        "topics": f"settlement:{settlement.pk}",
    }
    return pages.page(request, "reconcile/result.html", context)


def kind_of(key: str) -> Kind:
    """Http404 where there is no such list."""
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def require_some(request: Request) -> None:
    """Http404 for those who administer no cluster."""
    if not policy.sees_all(request.user) and not kinds.administered(request.user).exists():
        raise Http404


def _shown(settlement: Settlement) -> dict[str, Any]:
    verb = VERBS[settlement.verb]
    return {"settlement": settlement, "verb": verb, "kind": KINDS[verb.kind]}


def _state(settlement: Settlement, entry: Entry) -> Any:
    state = STATES[Entry.Status(entry.status)]
    return state.named(VERBS[settlement.verb].done) if entry.status == Entry.Status.DONE else state
