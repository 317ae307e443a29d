"""Forgetting what is not in Ganeti any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Model, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.targets import columns
from ganeti_webmgr.live import publish
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import GRANTS
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.reconcile.verbs.verb import ACTS, BACK, BUSY, Outlook, Verb, Verdict
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.ui.wording import words
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.removal import delete_with_rights

THERE_AGAIN = "It is on the cluster again."
STILL_ASKED = "Something that was asked for here is not done yet."


class Forgetting(Verb):
    """Deletes rows of ours that Ganeti has no more; each is looked at once more before."""

    label = "Forget"
    done = "Forgotten"
    icon = "trash"
    is_danger = True
    column: str  # of a job that is about such a row

    def outlook(self, rows: list[Any], *, by: User, params: Mapping[str, Any]) -> Outlook:
        asked = Job.objects.open().exclude(command="").filter(**{f"{self.column}__in": rows})
        busy = set(asked.values_list(self.column, flat=True))
        goes = self.what_goes(rows)
        verdicts = {}
        for row in rows:
            if row.missing_since is None:
                verdicts[row.pk] = Verdict(BACK, THERE_AGAIN)
            elif row.pk in busy:
                verdicts[row.pk] = Verdict(BUSY, STILL_ASKED)
            else:
                verdicts[row.pk] = Verdict(ACTS, goes.get(row.pk, ""))
        return Outlook(verdicts, points=self.points([row for row in rows if verdicts[row.pk].key == ACTS]))

    def what_goes(self, rows: list[Any]) -> Mapping[int, str]:
        """By its key, what goes with a row; nothing is said where that is the row alone."""
        return {}

    def points(self, rows: list[Any]) -> list[str]:
        """What is to be known before."""
        raise NotImplementedError

    def lock(self, row: Any) -> Any:
        """The row, held until the transaction ends; Refusal where it is not to be forgotten any more."""
        held = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
        if held.missing_since is None:
            raise Refusal(THERE_AGAIN)
        if Job.objects.open().exclude(command="").filter(**columns(held)).exists():
            raise Refusal(STILL_ASKED)
        return held


class ForgetMachines(Forgetting):
    """Machines that are gone, with their rights, notes and locks."""

    name = "forget"
    kind = "gone"
    column = "vm"

    def rows(self, pks: Iterable[int]) -> QuerySet[VirtualMachine]:
        rows = VirtualMachine.objects.select_related("cluster", "owner").filter(pk__in=pks)
        return rows.defer("details", "cluster__info", "started_with")

    def what_goes(self, rows: list[VirtualMachine]) -> Mapping[int, str]:
        rights = _rights(rows)
        said = {}
        for vm in rows:
            parts = [f"of {vm.owner}"] if vm.owner else []
            if number := rights[vm.pk]:
                parts.append(f"{number} right{'' if number == 1 else 's'}")
            parts += [word for word, has in (("notes", vm.notes), ("a lock", vm.lock_reason)) if has]
            if parts:
                said[vm.pk] = f"{vm}: {words(parts)}"
        return said

    def points(self, rows: list[VirtualMachine]) -> list[str]:
        rights, notes = _rights(rows).total(), sum(bool(vm.notes) for vm in rows)
        return [
            f"{rights} right{'' if rights == 1 else 's'} given on them end, and notes on {notes} are deleted",
            "They have counted against no quota since they went",
            "Their jobs stay, and the record keeps what was done to them",
            "A machine of the same name that comes later is another one: it gets none of this",
        ]

    def carry_out(self, row: VirtualMachine, *, by: User, params: Mapping[str, Any], what: str) -> str:
        policy.require(by, "admin", row.cluster)
        vm = self.lock(row)
        before = {
            "uuid": vm.uuid,
            "owner": str(vm.owner) if vm.owner else None,
            "rights": _rights([vm]).total(),
            "notes": vm.notes,
            "missing_since": vm.missing_since.isoformat(),
        }
        publish(f"vm:{vm.pk}", f"cluster:{vm.cluster_id}")
        record("machine.forgotten", vm, by=by, acted_as=standing(by, vm), before=before)
        delete_with_rights(vm)
        return ""


class ForgetNodes(Forgetting):
    """Nodes that are gone."""

    name = "forget-nodes"
    kind = "gone-nodes"
    what = "node"
    column = "node"

    def rows(self, pks: Iterable[int]) -> QuerySet[Node]:
        rows = Node.objects.select_related("cluster").filter(pk__in=pks)
        return rows.defer("details", "cluster__info")

    def points(self, rows: list[Node]) -> list[str]:
        return ["Their jobs stay, and the record keeps what was done to them"]

    def carry_out(self, row: Node, *, by: User, params: Mapping[str, Any], what: str) -> str:
        policy.require(by, "admin", row.cluster)
        node = self.lock(row)
        before = {"uuid": node.uuid, "missing_since": node.missing_since.isoformat()}
        publish(f"node:{node.pk}", f"cluster:{node.cluster_id}")
        record("node.forgotten", node, by=by, acted_as=standing(by, node), before=before)
        node.delete()
        return ""


def _rights(vms: list[VirtualMachine]) -> Counter[int]:
    """By the machine's key, to how many something was given on it."""
    found: Counter[int] = Counter()
    for model, holder in zip(GRANTS["virtualmachine"], ("user", "group"), strict=True):
        found.update(_holders(model, holder, vms))
    return found


def _holders(model: type[Model], holder: str, vms: list[VirtualMachine]) -> dict[int, int]:
    rows = model._default_manager.filter(content_object__in=vms).order_by().values("content_object")
    return dict(rows.annotate(n=Count(holder, distinct=True)).values_list("content_object", "n"))
