from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.jobs.commands import REGISTRY
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.protection import lock, unlock

from .estate import post, problems

pytestmark = pytest.mark.django_db

HELD_BACK = {"shut-down", "force-stop", "restart", "fail-over", "reinstall", "recreate-disks", "remove"}


def test_a_locked_machine_is_neither_stopped_nor_removed_and_says_why(
    alice: User, by_alice: Client, running: VirtualMachine
) -> None:
    post(by_alice, running, "lock", reason="Incident 2231")
    page = by_alice.get(running.get_absolute_url()).content.decode()
    assert "Locked: Incident 2231" in page
    for verb in ("shut-down", "force-stop", "remove"):
        answer = post(by_alice, running, verb, typed=running.name)
        assert answer.status_code == 409
        assert "Locked: Incident 2231" in answer.content.decode()
    assert not Job.objects.filter(vm=running).exists()
    post(by_alice, running, "unlock")
    assert post(by_alice, running, "shut-down").status_code == 302


def test_the_lock_holds_back_what_stops_a_machine_or_takes_its_data() -> None:
    assert {
        name for name, command in REGISTRY.items() if getattr(command, "respects_lock", False)
    } == HELD_BACK


def test_whoever_administers_the_machine_locks_it_and_nobody_else(
    alice: User, charlie: User, running: VirtualMachine
) -> None:
    grant(charlie, running, by=alice, role="maintainer")
    with pytest.raises(Denied):
        lock(running, reason="Mine", by=charlie)
    grant(charlie, running, by=alice, role="admin")
    lock(running, reason="Mine", by=charlie)
    unlock(running, by=charlie)
    told = Event.objects.filter(action__startswith="machine.").order_by("pk")
    assert [(event.action, event.actor_name) for event in told] == [
        ("machine.locked", "charlie"),
        ("machine.unlocked", "charlie"),
    ]
    assert told[1].before == {"reason": "Mine", "by": "charlie"}


def test_a_lock_without_a_reason_is_none(by_alice: Client, running: VirtualMachine) -> None:
    assert "required" in problems(post(by_alice, running, "lock", reason=""))["reason"][0]
    assert "at most 200" in problems(post(by_alice, running, "lock", reason="x" * 201))["reason"][0]
    running.refresh_from_db()
    assert running.lock_reason == ""


def test_notes_are_kept_shown_and_recorded(by_alice: Client, running: VirtualMachine) -> None:
    post(by_alice, running, "notes", notes="Tell the list <before> a restart")
    assert (
        "Tell the list &lt;before&gt; a restart" in by_alice.get(running.get_absolute_url()).content.decode()
    )
    event = Event.objects.get(action="notes.changed")
    assert event.after == {"notes": "Tell the list <before> a restart"}


def test_a_lock_and_notes_survive_what_the_cluster_says(
    alice: User, running: VirtualMachine, work: object
) -> None:
    lock(running, reason="Keep", by=alice)
    work(running.cluster)  # type: ignore[operator]
    running.refresh_from_db()
    assert running.lock_reason == "Keep"
