from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.lists.exports import AT_A_TIME, as_csv
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.ui.filtering import Unfiltered
from ganeti_webmgr.ui.listing import PER_PAGE
from ganeti_webmgr.ui.tables import TABLES, Table, at
from ganeti_webmgr.vms.finding import keep_texts
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db

EVERY = (
    "machines",
    "nodes",
    "clusters",
    "jobs",
    "projects",
    "networks",
    "templates",
    "images",
    "people",
    "groups",
)


def taken(client: Client, key: str, query: str = "") -> list[dict[str, str]]:
    answer: Any = client.post(f"/lists/{key}.csv{query}")
    assert answer.status_code == 200
    assert answer.streaming
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}.csv"'
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def copies(vm: VirtualMachine, number: int) -> None:
    """So many more machines like that one."""
    values = {field.attname: getattr(vm, field.attname) for field in vm._meta.fields if field.name != "id"}
    made = VirtualMachine.objects.bulk_create(
        VirtualMachine(**values | {"uuid": f"copy-{n}", "name": f"copy{n}", "sort_name": f"copy{n:05}"})
        for n in range(number)
    )
    keep_texts(made)


def test_a_file_has_all_pages_of_what_the_list_shows_in_its_order(
    by_alice: Client, running: VirtualMachine
) -> None:
    copies(running, PER_PAGE + 5)
    rows = taken(by_alice, "machines", "?q=copy&sort=-name&page=2")
    assert [row["name"] for row in rows] == [f"copy{n}" for n in reversed(range(PER_PAGE + 5))]


def test_it_has_every_column_whatever_the_person_looks_at(
    by_alice: Client, alice: User, running: VirtualMachine
) -> None:
    User.objects.filter(pk=alice.pk).update(columns={"machines": []})
    running.owner, running.needs_restart = create_project("Web", by=alice), False
    running.save()
    row = taken(by_alice, "machines", f"?q={running.name}")[0]
    assert (row["name"], row["status"], row["project"]) == (running.name, "Running", "Web")
    assert (row["memory_mib"], row["disk_mib"]) == (str(running.memory_mib), str(running.disk_mib))
    assert (row["uuid"], row["locked"], row["needs_restart"]) == (running.uuid, "", "false")
    assert row["addresses"] == ", ".join(running.addresses)
    assert row["created"].startswith(running.details["ctime"][:10])


def test_nobody_takes_out_what_he_does_not_see(
    by_charlie: Client, charlie: User, alice: User, running: VirtualMachine
) -> None:
    assert taken(by_charlie, "machines") == []
    grant(charlie, running, by=alice, role="viewer")
    assert [row["name"] for row in taken(by_charlie, "machines")] == [running.name]
    assert taken(by_charlie, "nodes") == taken(by_charlie, "clusters") == taken(by_charlie, "images") == []


@pytest.mark.parametrize("key", ["people", "groups", "nothing", "record"])
def test_what_is_no_list_of_his_is_not_there(by_charlie: Client, key: str) -> None:
    assert by_charlie.post(f"/lists/{key}.csv").status_code == 404


@pytest.mark.parametrize("key", EVERY)
def test_each_list_is_a_file_and_offers_it(
    key: str, by_alice: Client, alice: User, cluster: Cluster, running: VirtualMachine
) -> None:
    Job.objects.create(cluster=cluster, vm=running, target_name=running.name, command="start", origin="alice")
    Group.objects.create(name="staff")
    create_project("Web", by=alice)
    by_alice.post(f"/templates/new/?vm={running.pk}", {"save": "1", "name": "Like it", "owner": "web"})
    assert taken(by_alice, key)
    page = by_alice.get("/vms/" if key == "machines" else f"/{key}/").content.decode()
    assert f'action="/lists/{key}.csv' in page


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_calculates_nothing_of_what_people_typed(by_alice: Client, name: str) -> None:
    Group.objects.create(name=name)
    assert [row["name"] for row in taken(by_alice, "groups")] == [f"'{name}"]


def test_who_takes_what_out_is_recorded(by_alice: Client, alice: User, running: VirtualMachine) -> None:
    number = len(taken(by_alice, "machines", "?status=running&x=1"))
    event = Event.objects.get(action="list.exported")
    assert (event.actor_id, event.target_name) == (alice.pk, "Virtual machines")
    assert event.after == {"format": "csv", "rows": number, "status": "running"}
    assert "Export list" in by_alice.get("/record/").content.decode()


@pytest.mark.parametrize("query", ["?status=dancing", "?cluster=nowhere"])
def test_an_address_that_makes_no_sense_takes_nothing_out(
    by_alice: Client, running: VirtualMachine, query: str
) -> None:
    answer = by_alice.post(f"/lists/machines.csv{query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/vms/{query}")
    assert by_alice.get(answer.headers["Location"]).status_code == 200
    assert not Event.objects.filter(action="list.exported").exists()


def test_an_order_that_there_is_not_is_the_usual_one(by_alice: Client, running: VirtualMachine) -> None:
    assert taken(by_alice, "machines", "?sort=dance") == taken(by_alice, "machines")


def test_a_null_byte_is_refused_before(by_alice: Client) -> None:
    assert by_alice.post("/lists/machines.csv?q=%00").status_code == 400
    assert by_alice.post("/lists/machines.csv?sort=%00").status_code == 400


def test_looking_takes_nothing_out(by_alice: Client) -> None:
    assert by_alice.get("/lists/machines.csv").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="alice"))
    assert strict.post("/lists/machines.csv").status_code == 403


@pytest.fixture
def counted() -> Iterable[tuple[Table[Group, Group], list[int]]]:
    """A list that notes how many rows it is given at once."""
    seen: list[int] = []

    def lines(rows: Iterable[Group]) -> list[Group]:
        groups = list(rows)
        seen.append(len(groups))
        return groups

    yield (
        Table(
            key="of-a-test",
            name="Groups",
            view="groups:index",
            rows=Group.objects.all,
            lines=lines,
            filter=Unfiltered,
            columns=(at("name", "name", "Name"),),
        ),
        seen,
    )
    del TABLES["of-a-test"]


def test_a_long_list_is_read_part_by_part_while_it_is_sent(
    counted: tuple[Table[Group, Group], list[int]], django_assert_num_queries: Callable[[int], Any]
) -> None:
    table, seen = counted
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(10_000))
    with django_assert_num_queries(1):
        texts = as_csv(table, Group.objects.order_by("pk"))
        assert next(texts).strip() == "name"
        assert seen == []
        assert next(texts).strip() == "group 0"
        assert seen == [AT_A_TIME]
        assert sum(1 for _ in texts) == 9_999
    assert seen == [AT_A_TIME] * (10_000 // AT_A_TIME)
