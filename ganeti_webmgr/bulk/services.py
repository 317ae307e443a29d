"""Choosing machines, confirming what is done to them, and asking for it, some at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.bulk import tasks
from ganeti_webmgr.bulk.models import Bulk, Part
from ganeti_webmgr.bulk.review import GROUPS, looked_at
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.endings import named
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.confirming import require_seen
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.models import VirtualMachine

CHUNK = 500


class Decided(Refusal):
    """It was confirmed before."""

    status = 409
    title = "Asked for already"


@transaction.atomic
def choose(vms: Iterable[VirtualMachine], *, verb: str, by: User, chosen_by: str = "") -> Bulk:
    """The machines, fixed from now on; nothing is done to them before it is confirmed."""
    bulk = Bulk.objects.create(requested_by=by, verb=verb, chosen_by=chosen_by[:500])
    parts = [Part(bulk=bulk, vm_id=vm.pk, cluster_id=vm.cluster_id, name=vm.name) for vm in vms]
    Part.objects.bulk_create(parts, batch_size=CHUNK)
    return bulk


@transaction.atomic
def confirm(
    bulk: Bulk,
    command: MachineCommand,
    *,
    per_cluster: int,
    by: User,
    seen: str,
    over_quota: bool = False,
) -> None:
    """Has it asked for, machine by machine; those to which nothing would happen are skipped, with the reason.

    `seen` is the word of the review that was looked at: Moved where it would be another one by now.
    `over_quota` is a superuser's explicit wish. Decided where it was confirmed before: a form that is sent
    twice does nothing twice.
    """
    policy.require_chooser(by, bulk.requested_by, what="machines")
    mine = Bulk.objects.filter(pk=bulk.pk, confirmed_at=None)
    over_quota = over_quota and policy.sees_all(by)
    chosen = {"params": command.params, "per_cluster": per_cluster, "over_quota": over_quota}
    if not mine.update(confirmed_at=timezone.now(), **chosen):
        raise Decided("It was confirmed before. Its page shows what became of it.")
    review = looked_at(bulk, by=by, over_quota=over_quota)
    require_seen(review.seen, seen)
    parts = []
    for part, key, why in review.parts:
        acts = review.acts(key)
        part.status = Part.Status.WAITING if acts else Part.Status.SKIPPED
        part.why = "" if acts else (why or GROUPS[key].label)
        parts.append(part)
    Part.objects.bulk_update(parts, ["status", "why"], batch_size=CHUNK)
    waiting = sum(part.status == Part.Status.WAITING for part in parts)
    after = {**named(command.name), **command.params, "machines": waiting, "skipped": len(parts) - waiting}
    if over_quota:
        after["over_quota"] = True
    transaction.on_commit(lambda: tasks.ring(bulk.pk))
    record("bulk.confirmed", by=by, after=after)


def again(bulk: Bulk, pks: Iterable[str], *, by: User) -> Bulk:
    """The same for those of the given parts that failed, as something new to be looked at."""
    wanted = [int(pk) for pk in pks if pk.isdecimal() and len(pk) < 19]
    parts = bulk.parts.filter(pk__in=wanted).select_related("job", "vm")
    vms = [part.vm for part in parts if part.vm and part.may_be_tried_again]
    if not vms:
        raise Refusal("Choose machines for which it failed. An unknown outcome is never sent twice.")
    renewed = choose(vms, verb=bulk.verb, by=by, chosen_by="those that failed before")
    Bulk.objects.filter(pk=renewed.pk).update(params=bulk.params)
    return renewed
