"""Asks for the parts of what was confirmed, in their order and never more at a time than was wished."""

from __future__ import annotations

from django.db import transaction

from ganeti_webmgr.bulk.models import Bulk, Part
from ganeti_webmgr.jobs.models import OPEN, Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import quota
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.forms import FORMS


def feed(bulk: Bulk) -> None:
    """Asks for as many as there is room for on each cluster. Run twice at once, it asks for each once."""
    waiting = bulk.parts.filter(status=Part.Status.WAITING)
    for cluster_id in set(waiting.values_list("cluster_id", flat=True)):
        while _ask_next(bulk, cluster_id):
            pass


@transaction.atomic
def _ask_next(bulk: Bulk, cluster_id: int) -> bool:
    """Whether one more was dealt with."""
    # Whoever asks holds the row: two at once would each see the same room.
    held = Bulk.objects.select_for_update().get(pk=bulk.pk)
    parts = held.parts.filter(cluster=cluster_id)
    if parts.filter(status=Part.Status.ASKED, job__status__in=OPEN).count() >= held.per_cluster:
        return False
    part = parts.filter(status=Part.Status.WAITING).order_by("pk").first()
    if part is None:
        return False
    if not Part.objects.filter(pk=part.pk, status=Part.Status.WAITING).update(status=Part.Status.ASKED):
        return True
    _ask(held, part)
    publish(f"bulk:{bulk.pk}")
    return True


def _ask(bulk: Bulk, part: Part) -> None:
    part.status = Part.Status.ASKED
    try:
        with transaction.atomic():
            part.job = _requested(bulk, part)
    except Refusal as refusal:
        part.status, part.why = Part.Status.REFUSED, str(refusal)
    part.save(update_fields=["status", "why", "job"])


def _requested(bulk: Bulk, part: Part) -> Job:
    if part.vm is None:
        raise Refusal("It is not there any more.")
    if bulk.requested_by is None:
        raise Refusal("Whoever confirmed it has no account any more.")
    vm, command = part.vm, FORMS[bulk.verb].command_class(**bulk.params)
    # Recorded only of those that do go over.
    over = bulk.over_quota and vm.owner and quota.lack(vm.owner, vm.cluster, command.demand(vm))
    return request_job(by=bulk.requested_by, command=command, on=vm, over_quota=bool(over))
