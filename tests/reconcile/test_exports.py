"""The lists as files: what is in them, who may take them, and that it is recorded."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.reconcile.kinds import KINDS, RENAMED
from ganeti_webmgr.vms.models import FormerName, VirtualMachine
from tests.estate import told

pytestmark = pytest.mark.django_db

EVERY = [*KINDS, RENAMED]


def taken(client: Client, key: str, query: str = "") -> list[dict[str, str]]:
    answer: Any = client.post(f"/reconcile/{key}.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}.csv"'
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


@pytest.fixture
def differing(cluster: Cluster, web: Project, alice: User) -> list[VirtualMachine]:
    """The machines in their order: two are gone, the others have tags of an owner and a former name."""
    first, second, *others = cluster.vms.order_by("sort_name")
    cluster.vms.filter(pk__in=[first.pk, second.pk]).update(missing_since=timezone.now(), owner=web)
    told(*others, tag_lines="\ngwm:owner:web\n\nganetimgr:user:alice\n")
    until = timezone.now() + timedelta(days=364)
    FormerName.objects.bulk_create(FormerName(vm=vm, name=f"once-{vm.name}", until=until) for vm in others)
    Job.objects.create(
        cluster=cluster, vm=first, target_name=first.name, command="shut-down", origin="alice", status="done"
    )
    cluster.nodes.update(missing_since=timezone.now())
    return [first, second, *others]


def test_the_machines_without_owner_say_what_they_take_and_whom_their_tags_name(
    by_alice: Client, differing: list[VirtualMachine]
) -> None:
    rows = taken(by_alice, "nobodys", "?sort=-name&page=9")
    assert [row["name"] for row in rows] == [vm.name for vm in reversed(differing[2:])]
    row, vm = rows[-1], differing[2]
    assert (row["cluster"], row["uuid"], row["tags_name"]) == ("sim1", vm.uuid, "Web")
    assert (row["memory_mib"], row["vcpus"], row["disk_mib"]) == (
        str(vm.memory_mib), str(vm.vcpus), str(vm.disk_mib),
    )  # fmt: skip
    assert row["seen_since"].startswith(vm.first_seen_at.strftime("%Y-%m-%d %H:%M:%S"))


def test_what_is_gone_says_whose_it_was_and_the_last_job_about_it(
    by_alice: Client, differing: list[VirtualMachine]
) -> None:
    first, second = taken(by_alice, "gone")
    assert [first["name"], second["name"]] == [vm.name for vm in differing[:2]]
    assert (first["owner"], first["last_job"], first["last_job_by"]) == (
        "Web", f"Shut down {differing[0].name}", "alice",
    )  # fmt: skip
    assert first["primary_node"] == str(differing[0].primary_node)
    assert first["missing_since"]
    assert (second["last_job"], second["last_job_at"]) == ("", "")


def test_nodes_that_are_gone_tags_that_differ_and_new_names_are_files_too(
    by_alice: Client, cluster: Cluster, differing: list[VirtualMachine]
) -> None:
    node = cluster.nodes.select_related("group").earliest("sort_name")
    row = taken(by_alice, "gone-nodes")[0]
    assert (row["name"], row["group"]) == (node.name, str(node.group))
    row, vm = taken(by_alice, "tags")[0], differing[2]
    assert (row["name"], row["owner"], row["tags"], row["tags_name"]) == (vm.name, "", "gwm:owner:web", "Web")
    rows = taken(by_alice, "renamed")
    assert {(row["name"], row["former_name"]) for row in rows} == {
        (vm.name, f"once-{vm.name}") for vm in differing[2:]
    }


@pytest.mark.parametrize("key", EVERY)
def test_each_list_offers_its_file_for_its_address_and_none_where_it_is_empty(
    key: str, by_alice: Client, cluster: Cluster, web: Project, request: pytest.FixtureRequest
) -> None:
    told(*cluster.vms.all(), owner=web, tag_lines="\ngwm:owner:web\n")
    assert ".csv" not in by_alice.get(f"/reconcile/{key}/").content.decode()
    cluster.vms.update(owner=None)
    request.getfixturevalue("differing")
    page = by_alice.get(f"/reconcile/{key}/?sort=-name&page=1").content.decode()
    assert f'action="/reconcile/{key}.csv?sort=-name"' in page


@pytest.mark.parametrize("key", EVERY)
def test_only_who_administers_a_cluster_takes_out_what_is_on_it(
    key: str,
    by_charlie: Client,
    charlie: User,
    alice: User,
    cluster: Cluster,
    differing: list[VirtualMachine],
) -> None:
    for vm in differing:
        grant(charlie, vm, by=alice, role="admin")
    assert by_charlie.post(f"/reconcile/{key}.csv").status_code == 404
    other = Cluster.objects.create(slug="other", name="other", url="https://other.example.org")
    grant(charlie, other, by=alice, role="admin")
    assert taken(by_charlie, key) == []
    grant(charlie, cluster, by=alice, role="admin")
    assert len(taken(by_charlie, key)) >= 2


def test_who_takes_what_out_is_recorded(
    by_alice: Client, alice: User, differing: list[VirtualMachine]
) -> None:
    number = len(taken(by_alice, "nobodys", "?cluster=sim1&x=1"))
    event = Event.objects.get(action="list.exported")
    assert (event.actor_id, event.target_name) == (alice.pk, "Reconcile: Without owner")
    assert event.after == {"format": "csv", "rows": number, "cluster": "sim1"}
    taken(by_alice, "renamed")
    assert Event.objects.filter(target_name="Reconcile: Renamed outside").count() == 1


def test_an_address_that_makes_no_sense_takes_nothing_out(
    by_alice: Client, differing: list[VirtualMachine]
) -> None:
    answer = by_alice.post("/reconcile/gone.csv?cluster=nowhere")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/reconcile/gone/?cluster=nowhere")
    assert by_alice.post("/reconcile/nothing.csv").status_code == 404
    assert not Event.objects.filter(action="list.exported").exists()


@pytest.mark.parametrize("key", EVERY)
def test_a_file_costs_the_same_for_many_rows_as_for_few(
    key: str,
    by_alice: Client,
    differing: list[VirtualMachine],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(16):
        assert len(taken(by_alice, key)) >= 2
