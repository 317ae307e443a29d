"""What machines are found by follows what Ganeti says of them."""

from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.finding import about, keep_texts, tagged
from ganeti_webmgr.vms.models import SearchText, VirtualMachine
from tests.estate import told


def found(word: str, user: User) -> set[str]:
    return set(VirtualMachine.objects.filter(about(word, user)).values_list("name", flat=True))


def with_tag(tag: str) -> set[str]:
    return set(VirtualMachine.objects.filter(tagged(tag)).values_list("name", flat=True))


def test_every_machine_that_was_read_has_its_text(cluster: Cluster) -> None:
    assert SearchText.objects.count() == cluster.vms.count() > 0


def test_a_change_in_ganeti_changes_what_is_found(
    cluster: Cluster, ganeti: SimulatedCluster, running: VirtualMachine, alice: User
) -> None:
    assert found("precious", alice) == with_tag("Precious") == set()
    instance = ganeti.instances[running.name]
    instance.tags = ["Precious"]
    instance.serial_no += 1
    cycle.run(cluster, everything=True)
    assert found("precious", alice) == found("PRECIOUS", alice) == with_tag("Precious") == {running.name}


def test_a_reading_without_changes_writes_no_text(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[VirtualMachine] = []
    monkeypatch.setattr("ganeti_webmgr.vms.sync.keep_texts", written.extend)
    cycle.run(cluster, everything=True)
    assert written == []


def test_a_tag_is_matched_whole_and_no_other_text_is_one(running: VirtualMachine) -> None:
    told(running, tag_lines="\nkind:nut\n\nübung\n")
    assert with_tag("kind:nut") == with_tag("übung") == {running.name}
    assert with_tag("kind:nu") == with_tag("nut") == with_tag("kind%nut") == with_tag("kind_nut") == set()
    assert with_tag(running.name) == with_tag(running.os) == set()


def test_a_uuid_is_found_whole_only(running: VirtualMachine, alice: User) -> None:
    assert found(running.uuid, alice) == found(running.uuid.upper(), alice) == {running.name}
    assert found(running.uuid[:18], alice) == set()


def test_words_that_mean_something_to_a_database_are_plain_text(running: VirtualMachine, alice: User) -> None:
    told(running, tag_lines="\n50%_done\\\n")
    assert found("50%_done\\", alice) == {running.name}
    assert found("5_%done", alice) == set()


def test_the_text_goes_with_its_machine(running: VirtualMachine) -> None:
    running.delete()
    assert not SearchText.objects.filter(vm=running.pk).exists()


def test_texts_are_kept_again_without_harm(cluster: Cluster) -> None:
    before = dict(SearchText.objects.values_list("pk", "text"))
    keep_texts(cluster.vms.all())
    assert dict(SearchText.objects.values_list("pk", "text")) == before


def test_an_owner_is_no_word_for_who_may_not_see_the_project(
    running: VirtualMachine, alice: User, charlie: User, by_alice: Client
) -> None:
    by_alice.post("/projects/new/", {"name": "Walnut"})
    VirtualMachine.objects.filter(pk=running.pk).update(owner=alice.memberships.get().project)
    assert found("walnut", alice) == {running.name}
    assert found("walnut", charlie) == set()
