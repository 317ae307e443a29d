from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "") -> list[Event]:
    """The events that the page shows, in its order."""
    answer = client.get(f"/record/{query}")
    assert answer.status_code == 200
    return [line.event for line in answer.context["lines"]]


def recorded_at(moment: datetime, monkeypatch: pytest.MonkeyPatch, **said: Any) -> Event:
    with monkeypatch.context() as patched:
        patched.setattr("ganeti_webmgr.audit.record.timezone.now", lambda: moment)
        return record("keys.rotated", **said)


def test_the_page_says_who_did_what_to_what_from_where_and_what_it_changed(
    alice: User, by_alice: Client, mine: VirtualMachine, charlie: User
) -> None:
    by_alice.post(f"{mine.get_absolute_url()}-/start/", REMOTE_ADDR="192.0.2.7")
    grant(charlie, mine, by=alice, role="console")
    grant(charlie, mine, by=alice, role="operator", note="<b>for a week</b>")
    page = by_alice.get("/record/").content.decode()
    for words in ("192.0.2.7", "Give rights on", mine.get_absolute_url(), "superuser", "Start"):
        assert words in page
    assert "<del>Console only</del>" in page
    assert "<ins>Operator</ins>" in page
    assert "&lt;b&gt;for a week&lt;/b&gt;" in page
    job = mine.jobs.get(command="start")
    assert f'href="{job.get_absolute_url()}"' in page
    assert Event.objects.get(action="job.requested").request_id in page


def test_the_newest_comes_first_and_everybody_sees_his_own(
    alice: User, bob: User, dana: User, charlie: User, mine: VirtualMachine, others: VirtualMachine
) -> None:
    request_job(by=alice, command=Start(), on=others)
    asked = request_job(by=dana, command=Start(), on=mine)
    everything = shown(signed_in(alice))
    assert everything == list(Event.objects.order_by("-at", "-pk"))
    assert {event.project_name for event in shown(signed_in(bob))} == {"Web", ""}
    assert {event.actor_name for event in shown(signed_in(dana))} == {"bob", "dana"}
    assert asked.pk in {event.job_id for event in shown(signed_in(dana))}
    assert [event.action for event in shown(signed_in(charlie))] == ["person.signed-in"]


def test_a_name_that_one_may_not_see_is_in_no_page_and_no_filter(
    alice: User, charlie: User, mine: VirtualMachine
) -> None:
    request_job(by=alice, command=Start(), on=mine)
    browser = signed_in(charlie)
    for query in (
        "",
        "?q=build",
        f"?about=virtualmachine:{mine.pk}",
        "?person=alice",
        "?cluster=sim1",
    ):
        page = browser.get(f"/record/{query}").content.decode()
        assert "sim1.example.org" not in page
        assert "Start" not in page


def test_the_record_is_narrowed_by_all_that_it_says(
    alice: User, bob: User, by_alice: Client, mine: VirtualMachine, others: VirtualMachine
) -> None:
    job = request_job(by=bob, command=Start(), on=mine)
    asked = Event.objects.get(job_id=job.pk)
    other = record("owner.rebuilt", others, by="root on the command line")
    added = Event.objects.get(action="cluster.added")
    assert set(shown(by_alice, "?q=build")) == {asked}
    assert shown(by_alice, "?q=root+command") == [other]
    assert asked in shown(by_alice, "?person=BOB")
    assert Event.objects.get(action="member.added", person_id=bob.pk) in shown(by_alice, "?person=bob")
    assert other not in shown(by_alice, "?person=bob")
    assert shown(by_alice, "?action=job.requested") == [asked]
    assert set(shown(by_alice, "?kind=virtualmachine")) == {asked, other}
    assert set(shown(by_alice, "?cluster=sim1")) == {asked, other, added}
    assert shown(by_alice, f"?about=virtualmachine:{mine.pk}") == [asked]
    assert set(shown(by_alice, f"?about=cluster:{mine.cluster_id}")) == {asked, other, added}


def test_a_request_is_found_by_its_number_with_all_that_it_did(
    by_alice: Client, mine: VirtualMachine
) -> None:
    by_alice.post(f"{mine.get_absolute_url()}-/start/")
    asked = Event.objects.get(action="job.requested")
    assert shown(by_alice, f"?q={asked.request_id}") == [asked]


def test_days_are_those_of_the_site_and_both_are_meant(
    by_alice: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    late = recorded_at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), monkeypatch)  # the second of March, there
    assert shown(by_alice, "?since=2026-03-02&until=2026-03-02") == [late]
    assert late not in shown(by_alice, "?until=2026-03-01")
    assert late not in shown(by_alice, "?since=2026-03-03")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?action=dance", "There is no action “dance”"),
        ("?kind=unicorn", "There is no kind of object “unicorn”"),
        ("?cluster=nowhere", "There is no such cluster"),
        ("?person=nobody-we-know", "There is nothing of “nobody-we-know”"),
        ("?about=virtualmachine:9999", "Nothing that you may see here is about “virtualmachine:9999”"),
        ("?about=unicorn:1", "Nothing that you may see here is about “unicorn:1”"),
        ("?about=virtualmachine:x", "Nothing that you may see here is about"),
        ("?about=virtualmachine:" + "9" * 40, "Nothing that you may see here is about"),
        ("?since=yesterday", "This is not a date. Write it as 2026-11-22."),
        ("?since=0001-01-01", "This is not a date"),
        ("?until=9999-12-31", "This is not a date"),
        ("?since=2026-11-22&until=2026-11-21", "The last day lies before the first."),
        ("?page=-1", "There is no page “-1”"),
        ("?sort=colour", "cannot be sorted by “colour”"),
        ("?action=%3Cscript%3E", "There is no action “&lt;script&gt;”"),
    ],
)
def test_what_makes_no_sense_in_the_address_is_told_in_words(
    by_alice: Client, cluster: Cluster, query: str, words: str
) -> None:
    answer = by_alice.get(f"/record/{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


@pytest.mark.parametrize("query", ["?q=%ff", "?person=%ff", "?about=%ff", "?since=%ff", "?q=" + "a" * 3000])
def test_odd_bytes_in_the_address_break_nothing(by_alice: Client, query: str) -> None:
    assert by_alice.get(f"/record/{query}").status_code == 200


def test_an_object_that_is_gone_keeps_its_name_and_has_no_link(
    by_alice: Client, mine: VirtualMachine
) -> None:
    record("owner.rebuilt", mine)
    VirtualMachine.objects.filter(pk=mine.pk).update(missing_since=timezone.now())
    page = by_alice.get("/record/?action=owner.rebuilt").content.decode()
    assert mine.name in page
    assert mine.get_absolute_url() not in page


def test_a_job_and_a_cluster_that_one_may_not_see_are_named_without_a_link(
    alice: User, dana: User, web: Project, mine: VirtualMachine
) -> None:
    job = request_job(by=dana, command=Start(), on=mine)
    mine.owner = None
    mine.save(update_fields=["owner"])
    page = signed_in(dana).get("/record/").content.decode()
    assert mine.name in page
    assert mine.get_absolute_url() not in page
    assert job.get_absolute_url() not in page


def test_fifty_events_ask_the_database_no_more_than_five(
    alice: User,
    bob: User,
    mine: VirtualMachine,
    web: Project,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    browser = signed_in(bob)
    job = request_job(by=bob, command=Start(), on=mine)
    events = [lambda: record("owner.rebuilt", mine, job=job), lambda: record("project.changed", web)]
    for number in range(60):
        events[number % 2]()
        if number in {5, 59}:
            with django_assert_max_num_queries(12):
                browser.get("/record/")
    assert len(shown(browser)) == 50
    assert len(shown(browser, "?page=2")) > 10


def test_the_page_of_a_machine_shows_its_last_events_to_those_who_may_see_them(
    alice: User, bob: User, dana: User, mine: VirtualMachine
) -> None:
    record("owner.rebuilt", mine, by=alice)
    page = signed_in(bob).get(mine.get_absolute_url()).content.decode()
    assert "Read the owner from the tag of" in page
    assert f'href="/record/?about=virtualmachine:{mine.pk}"' in page
    page = signed_in(dana).get(mine.get_absolute_url()).content.decode()
    assert "Read the owner from the tag of" not in page
    assert "/record/?about=" not in page


def test_the_page_of_a_cluster_shows_what_was_done_on_it(by_alice: Client, mine: VirtualMachine) -> None:
    record("owner.rebuilt", mine)
    page = by_alice.get(mine.cluster.get_absolute_url()).content.decode()
    assert "Read the owner from the tag of" in page
    assert f'href="/record/?about=cluster:{mine.cluster_id}"' in page
    assert "Add cluster" in page


def test_it_is_found_in_the_navigation_by_everybody(by_charlie: Client) -> None:
    assert 'href="/record/" title="Record"' in by_charlie.get("/vms/").content.decode()


def test_people_and_groups_are_links_for_those_who_have_pages_of_them(
    alice: User, dana: User, by_alice: Client
) -> None:
    group = Group.objects.create(name="staff")
    record("group.created", group, by=alice)
    record("person.password-set", dana, by=alice, person=dana)
    page = by_alice.get("/record/").content.decode()
    assert f'<a href="/people/{dana.pk}/">dana</a>' in page
    assert f'<a href="/groups/{group.pk}/">staff</a>' in page
    page = signed_in(dana).get("/record/").content.decode()
    assert "Set the password of" in page
    assert f'href="/people/{dana.pk}/"' not in page


def test_what_somebody_did_to_himself_is_not_named_twice(by_charlie: Client) -> None:
    page = by_charlie.get("/record/").content.decode()
    assert "Sign in" in page
    assert page.count('<b class="strong">charlie</b>') == 1


def test_the_card_of_an_object_says_to_whom_something_was_given(
    alice: User, charlie: User, by_alice: Client, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=alice, role="console")
    assert '<span class="muted">: charlie</span>' in by_alice.get(mine.get_absolute_url()).content.decode()


def test_so_many_events_are_counted_only_as_far_as_is_looked_and_no_page_is_wrong(
    alice: User, by_alice: Client
) -> None:
    """10,000 and one: of a list that long, the page does not say how long it is until somebody gets there."""
    at = timezone.now()
    there = Event.objects.count()
    Event.objects.bulk_create(
        Event(at=at, action="owner.rebuilt", actor_name=f"n{number}", digest=f"{number:064}")
        for number in range(10_000 - there)
    )
    page = by_alice.get("/record/").content.decode()
    assert "10,000 events." in page
    assert "1–50 of 10,000<" in page
    record("keys.rotated", by=alice)
    page = by_alice.get("/record/").content.decode()
    assert "More than 10,000 events." in page
    assert "1–50 of more than 10,000<" in page
    last_counted = by_alice.get("/record/?page=200").content.decode()
    assert "9,951–10,000 of more than 10,000<" in last_counted
    assert "?page=201" in last_counted
    last = by_alice.get("/record/?page=201").content.decode()
    assert "10,001–10,001 of 10,001<" in last
    assert "?page=202" not in last
    assert (
        "There is no page “202”. This is page 1 of 201." in by_alice.get("/record/?page=202").content.decode()
    )
    for odd in ("9" * 12, "9" * 6000, "0", "-3", "1.5", "x"):
        page = by_alice.get("/record/", {"page": odd}).content.decode()
        assert f"There is no page “{odd[:20]}”. This is page 1." in page
        assert "1–50 of more than 10,000<" in page
    assert shown(by_alice, "?page=%203") == shown(by_alice, "?page=3")
    assert shown(by_alice, "?sort=time&page=201") == shown(by_alice)[:1]
