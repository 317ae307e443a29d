"""Machines and nodes that are not in Ganeti any more are forgotten; what goes with them is said before."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import MachineUserGrant
from ganeti_webmgr.reconcile import tasks
from ganeti_webmgr.vms.models import VirtualMachine
from tests.reconcile.test_adopting import chosen, outcomes, settled, word

pytestmark = pytest.mark.django_db


def test_a_machine_goes_with_its_rights_and_notes_and_the_record_stays(
    alice: User, charlie: User, by_alice: Client, gone: VirtualMachine
) -> None:
    grant(charlie, gone, by=alice, role="operator")
    job = Job.objects.create(
        cluster=gone.cluster, vm=gone, target_name=gone.name, origin="root", status="done"
    )
    listed = by_alice.get("/reconcile/gone/").content.decode()
    assert gone.name in listed
    assert "by root" in listed
    settlement = chosen(by_alice, "gone", "forget", row=[gone.pk])
    looked = by_alice.get(settlement.get_absolute_url()).content.decode()
    assert f"{gone}: of Web, 1 right and notes" in looked
    assert "1 right given on them end" in looked

    assert settled(by_alice, settlement, 1).status_code == 422  # the number is to be typed
    assert settled(by_alice, settlement, 1, typed="2").status_code == 422
    assert VirtualMachine.objects.filter(pk=gone.pk).exists()
    assert settled(by_alice, settlement, 1, typed="1").status_code == 302
    assert not VirtualMachine.objects.filter(pk=gone.pk).exists()
    assert not MachineUserGrant.objects.exists()
    job.refresh_from_db()
    assert (job.vm, job.target_name) == (None, gone.name)
    event = Event.objects.get(action="machine.forgotten")
    assert (event.target_name, event.cluster_name, event.actor_name) == (gone.name, "sim1", "alice")
    assert event.before
    assert event.before["owner"] == "Web"
    assert event.before["notes"] == "Mind the queue"
    assert event.before["rights"] == 1
    assert outcomes(settlement) == {gone.name: ("done", "")}
    told = by_alice.get("/record/").content.decode()
    assert "Forget" in told
    assert "Mind the queue" in told
    assert "Forget: 1 of 1 done" in by_alice.get(settlement.get_absolute_url()).content.decode()


def test_one_that_came_back_is_kept_even_between_confirmation_and_worker(
    by_alice: Client, gone: VirtualMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settlement = chosen(by_alice, "gone", "forget", row=[gone.pk])
    page = settlement.get_absolute_url()
    seen = word(by_alice, settlement, 1)
    assert by_alice.post(page, {"confirm": "1", "seen": seen, "typed": "1"}).status_code == 302
    VirtualMachine.objects.filter(pk=gone.pk).update(missing_since=None)
    tasks.do_all()
    assert outcomes(settlement) == {gone.name: ("refused", "It is on the cluster again.")}
    assert VirtualMachine.objects.filter(pk=gone.pk).exists()


def test_one_of_which_something_is_asked_stays(alice: User, by_alice: Client, gone: VirtualMachine) -> None:
    Job.objects.create(cluster=gone.cluster, vm=gone, command="start", origin="alice", requested_by=alice)
    settlement = chosen(by_alice, "gone", "forget", row=[gone.pk])
    assert "Busy with another job" in by_alice.get(settlement.get_absolute_url()).content.decode()
    answer = settled(by_alice, settlement, 0, typed="0")
    assert answer.status_code == 422
    assert VirtualMachine.objects.filter(pk=gone.pk).exists()


def test_who_lost_the_right_in_between_forgets_nothing(
    alice: User, charlie: User, by_charlie: Client, gone: VirtualMachine
) -> None:
    grant(charlie, gone.cluster, by=alice, role="admin")
    settlement = chosen(by_charlie, "gone", "forget", row=[gone.pk])
    seen = word(by_charlie, settlement, 1)
    by_charlie.post(settlement.get_absolute_url(), {"confirm": "1", "seen": seen, "typed": "1"})
    grant(charlie, gone.cluster, by=alice, role="viewer")
    tasks.do_all()
    status, why = outcomes(settlement)[gone.name]
    assert status == "refused"
    assert "You may not" in why
    assert VirtualMachine.objects.filter(pk=gone.pk).exists()


def test_a_node_that_is_gone(by_alice: Client, cluster: Cluster) -> None:
    node = cluster.nodes.latest("sort_name")
    node.missing_since = timezone.now()
    node.save(update_fields=["missing_since"])
    assert node.name in by_alice.get("/reconcile/gone-nodes/").content.decode()
    settlement = chosen(by_alice, "gone-nodes", "forget-nodes", which="all")
    assert settled(by_alice, settlement, 1, typed="1").status_code == 302
    assert not cluster.nodes.filter(pk=node.pk).exists()
    event = Event.objects.get(action="node.forgotten")
    assert (event.target_kind, event.target_name) == ("node", node.name)
    assert Event.objects.filter(action="reconcile.confirmed", after__nodes=1).exists()


def test_of_a_silent_cluster_that_is_said(by_alice: Client, cluster: Cluster) -> None:
    Cluster.objects.update(trouble="unreachable", trouble_since=timezone.now())
    answer: Any = by_alice.get("/reconcile/gone/")
    assert "sim1 gives no news." in answer.content.decode()
