from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.ui.tables import TABLES, Column, Shown, Table
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.table import MACHINES

assert get_resolver().url_patterns  # whose views define all lists
EVERY = sorted(TABLES.values(), key=lambda table: table.key)


def keys(shown: Shown[Any, Any]) -> list[str]:
    return [column.key for column in shown.columns]


def test_at_first_a_list_shows_what_is_no_extra() -> None:
    assert keys(MACHINES.shown_to(User())) == ["name", "status", "cluster", "node", "memory", "vcpus", "disk"]


def test_who_has_chosen_sees_that_and_always_the_column_that_names_the_row() -> None:
    person = User(columns={"machines": ["uuid", "memory", "gone-since"], "nodes": []})
    shown = MACHINES.shown_to(person)
    assert keys(shown) == ["name", "memory", "uuid"]
    assert [key for key, is_shown in shown.has.items() if is_shown] == ["name", "memory", "uuid"]
    assert keys(TABLES["nodes"].shown_to(person)) == ["name"]


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.key)
def test_no_two_columns_have_a_name_in_common(table: Table[Any, Any]) -> None:
    cells = [name for column in table.columns for name in column.cells]
    assert len(set(cells)) == len(cells)
    assert len({column.key for column in table.columns}) == len(table.columns)
    assert table.default.removeprefix("-") in table.sorts


@pytest.mark.django_db
@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.key)
def test_what_a_column_shows_is_fetched_with_the_rows(
    table: Table[Any, Any],
    cluster: Cluster,
    running: VirtualMachine,
    alice: User,
    django_assert_num_queries: Any,
) -> None:
    cluster.systems.update(described=True)
    Job.objects.create(cluster=cluster, vm=running, target_name=running.name, command="start", origin="alice")
    each = [Shown(table, (table.columns[0], column)) for column in table.columns]
    for shown in (table.whole(), *each):
        lines = table.lines(shown.rows()[:3])
        with django_assert_num_queries(0):
            for column in shown.columns:
                said(column, lines)


def said(column: Column[Any], lines: list[Any]) -> list[object]:
    return [cell(line) for line in lines for cell in column.cells.values()]
