"""One thing done to many machines: chosen, looked at, confirmed, asked for some at a time, tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.bulk import services, tasks
from ganeti_webmgr.bulk.models import Bulk, Part
from ganeti_webmgr.bulk.review import looked_at
from ganeti_webmgr.bulk.services import choose
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions.granting import grant, revoke
from ganeti_webmgr.permissions.models import DefaultQuota, Project
from ganeti_webmgr.permissions.projects import LEAD, add_member, create_project
from ganeti_webmgr.ui.confirming import Moved
from ganeti_webmgr.vms.commands import Remove, Restart
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


def chosen(browser: Client, verb: str = "shut-down", **how: Any) -> Bulk:
    answer = browser.post("/vms/bulk/", {"verb": verb, **how})
    assert answer.status_code == 302, answer.content.decode()
    return Bulk.objects.get(token=answer.headers["Location"].strip("/").rpartition("/")[2])


def confirm(browser: Client, bulk: Bulk, **typed: Any) -> Any:
    """The answer to a confirmation of what the page shows at this moment, or of what was `seen` before."""
    seen = typed.pop("seen", None) or word(browser, bulk)
    return browser.post(bulk.get_absolute_url(), {"per_cluster": 10, "seen": seen, **typed})


def word(browser: Client, bulk: Bulk) -> str:
    """What the page says was looked at."""
    return str(browser.get(bulk.get_absolute_url()).context["review"].seen)


def groups(bulk: Bulk, by: User) -> dict[str, list[str]]:
    return {group.key: [part.name for part in group.parts] for group in looked_at(bulk, by=by).groups}


def names(**found: Any) -> list[str]:
    return list(VirtualMachine.objects.filter(**found).order_by("sort_name").values_list("name", flat=True))


def test_all_that_match_are_fixed_at_that_moment(cluster: Cluster, by_alice: Client) -> None:
    bulk = chosen(by_alice, which="all", query="status=running&q=sim1")
    running = names(status="running")
    assert [part.name for part in bulk.parts.order_by("pk")] == running
    assert bulk.chosen_by == "“sim1”, Status: Running"
    VirtualMachine.objects.filter(status="ADMIN_down").update(status="running", oper_state=True)
    page = by_alice.get(bulk.get_absolute_url()).content.decode()
    assert f"Shut down {len(running)} of {len(running)} virtual machines?" in page


def test_those_ticked_or_those_on_the_page_and_none_that_one_does_not_see(
    alice: User, charlie: User, cluster: Cluster, by_alice: Client
) -> None:
    first, second, third = cluster.vms.order_by("sort_name")[:3]
    assert chosen(by_alice, which="ticked", vm=[first.pk, second.pk]).parts.count() == 2
    assert chosen(by_alice, which="page", shown=[third.pk], vm=[first.pk]).parts.get().vm == third
    grant(charlie, first, by=alice, role="viewer")
    browser = signed_in(charlie)
    assert chosen(browser, which="ticked", vm=[first.pk, second.pk]).parts.get().vm == first
    assert chosen(browser, which="all").parts.get().vm == first
    assert browser.post("/vms/bulk/", {"verb": "start", "vm": [second.pk]}).status_code == 404


def test_where_nothing_is_ticked_that_is_said(cluster: Cluster, by_alice: Client) -> None:
    answer = by_alice.post("/vms/bulk/", {"verb": "start", "which": "ticked"})
    assert (answer.status_code, "No machine is ticked" in answer.content.decode()) == (400, True)
    assert by_alice.post("/vms/bulk/", {"verb": "reinstall", "which": "all"}).status_code == 404


def test_before_anything_is_sent_they_are_sorted_by_what_would_happen(
    alice: User, charlie: User, cluster: Cluster
) -> None:
    vms = list(cluster.vms.filter(status="running").order_by("sort_name"))
    allowed, busy, locked, denied = vms[:4]
    idle = cluster.vms.get(name="build1.sim1.example.org")
    gone = vms[4]
    for vm in (allowed, busy, locked, idle, gone):
        grant(charlie, vm, by=alice, role="operator")
    grant(charlie, denied, by=alice, role="viewer")
    request_job(by=alice, command=Restart(), on=busy)
    VirtualMachine.objects.filter(pk=locked.pk).update(lock_reason="Incident")
    VirtualMachine.objects.filter(pk=gone.pk).update(missing_since=timezone.now())
    bulk = choose([allowed, busy, locked, denied, idle, gone], verb="shut-down", by=charlie)
    assert groups(bulk, charlie) == {
        "acts": [allowed.name],
        "idle": [idle.name],
        "busy": [busy.name],
        "locked": [locked.name],
        "denied": [denied.name],
        "gone": [gone.name],
    }
    page = signed_in(charlie).get(bulk.get_absolute_url()).content.decode()
    assert "Shut down 1 of 6 virtual machines?" in page
    assert "Incident" in page
    cluster.paused = True
    cluster.save(update_fields=["paused"])
    assert set(groups(bulk, charlie)) == {"closed", "denied", "gone"}


def test_sorting_costs_the_same_for_many_as_for_few(
    alice: User, cluster: Cluster, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulk = choose(cluster.vms.all(), verb="migrate", by=alice)
    with django_assert_max_num_queries(5):
        assert looked_at(bulk, by=alice).groups


def test_confirmed_it_is_asked_for_some_at_a_time_until_all_have_had_their_turn(
    by_alice: Client, cluster: Cluster, work: Work
) -> None:
    bulk = chosen(by_alice, which="all", query="status=running")
    total = bulk.parts.count()
    assert total > 4
    assert confirm(by_alice, bulk, per_cluster=2, timeout_s=60).status_code == 302
    seen = 0
    for _ in range(total):
        tasks.feed_all()
        tasks.feed_all()
        now_open = Job.objects.open().count()
        assert now_open <= 2
        if not now_open:
            break
        seen = max(seen, now_open)
        work(cluster)
    assert seen == 2
    assert names(status="running") == []
    assert {part.job and part.job.status for part in bulk.parts.all()} == {Status.DONE}
    assert Job.objects.filter(command="shut-down", params={"timeout_s": 60}).count() == total
    page = by_alice.get(bulk.get_absolute_url()).content.decode()
    assert f"Shut down: {total} of {total} done" in page
    event = Event.objects.get(action="bulk.confirmed")
    assert event.after
    assert (event.after["machines"], event.after["skipped"]) == (total, 0)


def test_sent_twice_it_does_nothing_twice(by_alice: Client, running: VirtualMachine, work: Work) -> None:
    bulk = chosen(by_alice, verb="restart", which="ticked", vm=[running.pk])
    seen = word(by_alice, bulk)
    confirm(by_alice, bulk, kind="hard", seen=seen)
    confirm(by_alice, bulk, kind="hard", seen=seen)
    tasks.feed_all()
    work(running.cluster)
    tasks.feed_all()
    assert Job.objects.filter(vm=running).count() == 1


def test_other_machines_than_those_looked_at_are_noticed_also_where_they_are_as_many(
    by_alice: Client, alice: User, cluster: Cluster
) -> None:
    first, second = cluster.vms.filter(status="running").order_by("sort_name")[:2]
    bulk = chosen(by_alice, verb="remove", which="ticked", vm=[first.pk, second.pk])
    VirtualMachine.objects.filter(pk=second.pk).update(lock_reason="Incident")
    seen = word(by_alice, bulk)
    VirtualMachine.objects.filter(pk=second.pk).update(lock_reason="")
    VirtualMachine.objects.filter(pk=first.pk).update(lock_reason="Incident")
    answer = confirm(by_alice, bulk, typed="1", seen=seen)
    assert answer.status_code == 422
    assert "Something has changed meanwhile." in answer.content.decode()
    with pytest.raises(Moved, match="Nothing was done"):
        services.confirm(bulk, Remove(), per_cluster=1, by=alice, seen=seen)
    bulk.refresh_from_db()
    assert (bulk.confirmed_at, groups(bulk, alice)["acts"]) == (None, [second.name])
    assert confirm(by_alice, bulk, typed="1").status_code == 302
    assert bulk.parts.get(status=Part.Status.WAITING).vm == second


def test_a_machine_that_has_room_no_more_is_noticed_although_the_tick_takes_it_in(
    by_alice: Client, alice: User, stopped_of_web: list[VirtualMachine]
) -> None:
    bulk = choose(stopped_of_web, verb="start", by=alice)
    seen = word(by_alice, bulk)
    DefaultQuota.objects.update(vcpus=3)
    assert confirm(by_alice, bulk, over_quota="on", seen=seen).status_code == 422
    assert confirm(by_alice, bulk, over_quota="on").status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"per_cluster": 0}, "greater than or equal to 1"),
        ({"per_cluster": 1000}, "less than or equal to 50"),
        ({"typed": "99"}, "Nothing was done"),
        ({}, "required"),
    ],
)
def test_what_loses_data_wants_the_number_typed_and_what_does_not_fit_is_told(
    by_alice: Client, cluster: Cluster, typed: dict[str, Any], words: str
) -> None:
    bulk = chosen(by_alice, verb="remove", which="all")
    answer = confirm(by_alice, bulk, **typed)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Job.objects.exists()
    bulk.refresh_from_db()
    assert bulk.confirmed_at is None


def test_what_fails_is_told_and_can_be_tried_again_alone(
    by_alice: Client, cluster: Cluster, work: Work
) -> None:
    good, bad, unsure = cluster.vms.filter(status="running").order_by("sort_name")[:3]
    bulk = chosen(by_alice, which="ticked", vm=[good.pk, bad.pk, unsure.pk])
    confirm(by_alice, bulk, timeout_s=5)
    tasks.feed_all()
    Job.objects.filter(vm=bad).update(status=Status.FAILED, error="Did not stop", ended_at=timezone.now())
    Job.objects.filter(vm=unsure).update(status=Status.UNKNOWN, sent_at=timezone.now())
    work(cluster)
    page = by_alice.get(bulk.get_absolute_url()).content.decode()
    assert "Did not stop" in page
    assert "nothing is sent to them twice" in page
    all_parts = [part.pk for part in bulk.parts.all()]
    answer = by_alice.post(bulk.get_absolute_url(), {"again": "1", "part": all_parts})
    renewed = Bulk.objects.get(token=answer.headers["Location"].strip("/").rpartition("/")[2])
    assert [part.vm for part in renewed.parts.all()] == [bad]
    assert (renewed.confirmed_at, renewed.params) == (None, {"timeout_s": 5})
    assert 'value="5"' in by_alice.get(renewed.get_absolute_url()).content.decode()
    assert by_alice.post(bulk.get_absolute_url(), {"again": "1"}).status_code == 400


def test_a_right_that_ends_before_its_turn_is_told_and_nothing_is_asked(
    alice: User, charlie: User, running: VirtualMachine
) -> None:
    grant(charlie, running, by=alice, role="operator")
    browser = signed_in(charlie)
    bulk = chosen(browser, which="all")
    confirm(browser, bulk)
    revoke(charlie, running, by=alice)
    tasks.feed_all()
    part = bulk.parts.get()
    assert (part.status, part.job) == (Part.Status.REFUSED, None)
    assert "You may not" in part.why
    assert not Job.objects.exists()


def test_what_is_skipped_keeps_its_reason(by_alice: Client, cluster: Cluster) -> None:
    bulk = chosen(by_alice, which="all")
    confirm(by_alice, bulk)
    skipped = bulk.parts.filter(status=Part.Status.SKIPPED)
    assert {part.why for part in skipped} == {"It is stopped already."}
    assert (
        "It is stopped already." in by_alice.get(f"{bulk.get_absolute_url()}?show=skipped").content.decode()
    )


def test_the_next_has_its_turn_as_soon_as_one_has_ended(
    by_alice: Client,
    cluster: Cluster,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", rung.append)
    bulk = chosen(by_alice, which="all", query="status=running")
    with django_capture_on_commit_callbacks(execute=True):
        confirm(by_alice, bulk, per_cluster=1)
    assert rung == [bulk.pk]
    tasks.feed_all()
    with django_capture_on_commit_callbacks(execute=True):
        work(cluster)
    assert rung == [bulk.pk, bulk.pk]


def test_nobody_sees_what_another_does(by_charlie: Client, alice: User, running: VirtualMachine) -> None:
    bulk = choose([running], verb="start", by=alice)
    assert by_charlie.get(bulk.get_absolute_url()).status_code == 404
    assert by_charlie.post(bulk.get_absolute_url()).status_code == 404


@pytest.fixture
def stopped_of_web(alice: User, charlie: User, cluster: Cluster) -> list[VirtualMachine]:
    """Three stopped machines of a project with room for two that run, in which Charlie leads."""
    web = create_project("Web", by=alice)
    add_member(web, "charlie", by=alice, role=LEAD)
    vms = list(cluster.vms.order_by("sort_name")[:3])
    rows = VirtualMachine.objects.filter(pk__in=[vm.pk for vm in vms])
    rows.update(owner=web, status="ADMIN_down", admin_state="down", oper_state=False, vcpus=2)
    DefaultQuota.objects.create(cluster=cluster, vcpus=5, running_only=True)
    return vms


def test_those_for_which_there_is_no_room_are_told_before_and_skipped(
    charlie: User, stopped_of_web: list[VirtualMachine]
) -> None:
    browser = signed_in(charlie)
    bulk = choose(stopped_of_web, verb="start", by=charlie)
    names = [vm.name for vm in stopped_of_web]
    assert groups(bulk, charlie) == {"acts": names[:2], "over": names[2:]}
    page = browser.get(bulk.get_absolute_url()).content.decode()
    assert "Web would have 6 of 5 vCPUs on sim1" in page
    assert "over_quota" not in page
    assert confirm(browser, bulk, over_quota="on").status_code == 302
    tasks.feed_all()
    assert [part.status for part in bulk.parts.order_by("pk")] == ["asked", "asked", "skipped"]
    assert "6 of 5 vCPUs" in bulk.parts.get(status="skipped").why
    bulk.refresh_from_db()
    assert not bulk.over_quota


def test_a_superuser_goes_over_with_a_tick_that_is_recorded_of_those_that_do(
    by_alice: Client, alice: User, stopped_of_web: list[VirtualMachine]
) -> None:
    bulk = choose(stopped_of_web, verb="start", by=alice)
    page = by_alice.get(bulk.get_absolute_url()).content.decode()
    assert 'name="over_quota"' in page
    assert "Start 2 of 3 virtual machines?" in page
    assert confirm(by_alice, bulk, over_quota="on").status_code == 302
    tasks.feed_all()
    assert {part.status for part in bulk.parts.all()} == {"asked"}
    confirmed = Event.objects.get(action="bulk.confirmed").after or {}
    assert (confirmed["over_quota"], confirmed["machines"]) == (True, 3)
    asked = Event.objects.filter(action="job.requested").order_by("pk")
    assert [bool((event.after or {}).get("over_quota")) for event in asked] == [False, False, True]
    assert [job.reservation.over_limit for job in Job.objects.order_by("pk")] == [False, False, True]


def test_where_there_is_room_for_none_the_tick_is_needed(
    by_alice: Client, alice: User, stopped_of_web: list[VirtualMachine]
) -> None:
    DefaultQuota.objects.update(vcpus=1)
    bulk = choose(stopped_of_web, verb="start", by=alice)
    answer = confirm(by_alice, bulk)
    assert (answer.status_code, "Tick this, or nothing is done." in answer.content.decode()) == (422, True)
    assert confirm(by_alice, bulk, over_quota="on").status_code == 302


def test_quotas_cost_the_same_for_many_clusters_as_for_one(
    alice: User,
    cluster: Cluster,
    stopped_of_web: list[VirtualMachine],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    other = Cluster.objects.create(slug="other", name="other", url="https://other.example.org")
    DefaultQuota.objects.create(cluster=other, vcpus=1, running_only=True)
    project = Project.objects.get(name="Web")
    vms = [
        VirtualMachine.objects.create(
            cluster=at, owner=project, uuid=f"{at.slug}-{number}", name=f"{number}.{at.slug}",
            sort_name=f"{number}.{at.slug}", status="ADMIN_down", admin_state="down", oper_state=False,
            memory_mib=512, memory_min_mib=512, vcpus=1, disk_mib=0, disk_template="plain", hypervisor="kvm",
        )
        for at in (cluster, other)
        for number in range(5)
    ]  # fmt: skip
    bulk = choose([*stopped_of_web, *vms], verb="start", by=alice)
    with django_assert_max_num_queries(9):
        found = looked_at(bulk, by=alice).groups
    assert {group.key: len(group.parts) for group in found} == {"acts": 4, "over": 9}


@pytest.mark.parametrize("query", ["node=gone", "status=nonsense", "cluster=was-here"])
def test_a_filter_that_means_nothing_chooses_nothing(
    by_alice: Client, running: VirtualMachine, query: str
) -> None:
    answer = by_alice.post("/vms/bulk/", {"which": "all", "verb": "remove", "query": query})
    assert answer.status_code == 400
    assert "The filter means nothing any more." in answer.content.decode()
    assert not Bulk.objects.exists()


def test_a_superuser_looks_at_what_another_chose_and_does_not_confirm_it_for_him(
    alice: User, charlie: User, by_alice: Client, cluster: Cluster
) -> None:
    vm = cluster.vms.filter(status="running").earliest("sort_name")
    grant(charlie, vm, by=alice, role="operator")
    bulk = chosen(signed_in(charlie), which="ticked", vm=[vm.pk])
    looked = by_alice.get(bulk.get_absolute_url())
    assert "Chosen by charlie, who alone can confirm it" in looked.content.decode()
    assert confirm(by_alice, bulk).status_code == 403
    bulk.refresh_from_db()
    assert bulk.confirmed_at is None
    assert confirm(signed_in(charlie), bulk).status_code == 302
