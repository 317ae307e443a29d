"""Locks against stopping and removing machines, and notes on them: ours, Ganeti does not know of them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.vms.models import VirtualMachine


@transaction.atomic
def lock(vm: VirtualMachine, *, reason: str, by: User) -> None:
    """Keeps the machine from being stopped or removed until it is unlocked; Denied without the right."""
    policy.require(by, "admin", vm)
    before = {"reason": vm.lock_reason} if vm.lock_reason else None
    vm.lock_reason, vm.locked_by, vm.locked_at = reason, by.get_username(), timezone.now()
    _save(vm)
    after = {"reason": reason}
    record("machine.locked", vm, by=by, acted_as=standing(by, vm), before=before, after=after)


@transaction.atomic
def unlock(vm: VirtualMachine, *, by: User) -> None:
    """Takes the lock off the machine; Denied without the right."""
    policy.require(by, "admin", vm)
    if not vm.lock_reason:
        return
    before = {"reason": vm.lock_reason, "by": vm.locked_by}
    vm.lock_reason, vm.locked_by, vm.locked_at = "", "", None
    _save(vm)
    record("machine.unlocked", vm, by=by, acted_as=standing(by, vm), before=before)


@transaction.atomic
def change_notes(vm: VirtualMachine, notes: str, *, by: User) -> None:
    """Writes the notes on the machine; Denied without the right to change it."""
    policy.require(by, "modify", vm)
    if notes == vm.notes:
        return
    before, vm.notes = vm.notes, notes
    vm.save(update_fields=["notes"])
    publish(f"vm:{vm.pk}")
    told = {"before": {"notes": before}, "after": {"notes": notes}}
    record("notes.changed", vm, by=by, acted_as=standing(by, vm), **told)


def _save(vm: VirtualMachine) -> None:
    vm.save(update_fields=["lock_reason", "locked_by", "locked_at"])
    publish(f"vm:{vm.pk}")
