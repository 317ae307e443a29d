from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.ui.tables import TABLES
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db

PAGES = {
    "machines": "/vms/",
    "nodes": "/nodes/",
    "jobs": "/jobs/",
    "clusters": "/clusters/",
    "networks": "/networks/",
}


def heads(page: str) -> list[str]:
    """The words over the columns."""
    cells = re.findall(r"<th scope=\"col\".*?</th>", page, re.S)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in cells if 'class="vh"' not in cell]


def cells_of_a_row(page: str) -> int:
    row = re.search(r"<tbody>\s*<tr.*?</tr>", page, re.S)
    assert row
    return len(re.findall(r"<(td|th)\b", row[0].replace('<td class="fit">', "")))


@pytest.fixture
def estate(cluster: Cluster, running: VirtualMachine, alice: User) -> None:
    cluster.vms.update(owner=create_project("Web", by=alice))
    Job.objects.create(cluster=cluster, vm=running, target_name=running.name, command="start", origin="alice")


@pytest.mark.parametrize("key", PAGES)
def test_a_person_sees_the_columns_that_he_chose_and_gets_the_first_ones_back(
    key: str, by_alice: Client, estate: None
) -> None:
    table = TABLES[key]
    at_first = heads(by_alice.get(PAGES[key]).content.decode())
    every = [column.heading for column in table.columns]
    chosen = {
        "column": [column.key for column in table.columns],
        "query": "sort=name&x=1" if key == "machines" else "",
    }
    answer = by_alice.post(f"/lists/{key}/columns/", chosen)
    assert answer.status_code == 302
    page = by_alice.get(answer.headers["Location"]).content.decode()
    assert heads(page) == every != at_first
    assert cells_of_a_row(page) == len(every)
    by_alice.post(f"/lists/{key}/columns/", {})
    page = by_alice.get(PAGES[key]).content.decode()
    assert heads(page) == every[:1]
    assert cells_of_a_row(page) == 1
    by_alice.post(f"/lists/{key}/columns/", {"reset": "1", "column": "uuid"})
    assert heads(by_alice.get(PAGES[key]).content.decode()) == at_first


@pytest.mark.parametrize("key", PAGES)
def test_columns_cost_no_query_for_each_row(
    key: str,
    by_alice: Client,
    alice: User,
    estate: None,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    columns = {key: [column.key for column in table.columns] for key, table in TABLES.items()}
    User.objects.filter(pk=alice.pk).update(columns=columns)
    with django_assert_max_num_queries(12):
        assert by_alice.get(PAGES[key]).status_code == 200


def test_what_is_no_column_is_not_kept(by_alice: Client, alice: User) -> None:
    by_alice.post("/lists/machines/columns/", {"column": ["uuid", "memory", "name", "password", ""]})
    alice.refresh_from_db()
    assert alice.columns == {"machines": ["memory", "uuid"]}


def test_a_choice_is_of_one_person_and_one_list(by_alice: Client, by_charlie: Client, charlie: User) -> None:
    by_alice.post("/lists/machines/columns/", {"column": "uuid"})
    by_alice.post("/lists/nodes/columns/", {"column": "cpus"})
    assert User.objects.get(username="alice").columns == {"machines": ["uuid"], "nodes": ["cpus"]}
    charlie.refresh_from_db()
    assert charlie.columns == {}


def test_after_the_choice_the_list_is_as_it_was_filtered(by_alice: Client) -> None:
    answer = by_alice.post("/lists/nodes/columns/", {"query": "q=a&role=M\r\nX: y"})
    assert answer.headers["Location"] == "/nodes/?q=a&role=M%0D%0AX%3A+y"


@pytest.mark.parametrize("key", ["people", "projects", "nothing"])
def test_the_columns_of_other_lists_are_as_they_are(by_alice: Client, key: str) -> None:
    assert by_alice.post(f"/lists/{key}/columns/", {"column": "name"}).status_code == 404
