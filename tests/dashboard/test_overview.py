"""What somebody sees first: what needs him, and only of what he may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_default_quota, set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def calm(cluster: Cluster, web: Project) -> Cluster:
    """The cluster with nothing to find: all machines run, and are somebody's."""
    cluster.vms.update(owner=web, status="running", admin_state="up", missing_since=None, needs_restart=False)
    cluster.nodes.update(role="C")
    cluster.jobs.all().delete()
    return cluster


def findings(client: Client) -> list[str]:
    answer = client.get("/")
    assert answer.status_code == 200
    return [finding.what for finding in answer.context["findings"]]


def followed(client: Client) -> list[Any]:
    """The lists to which the findings lead."""
    return [client.get(finding.url) for finding in client.get("/").context["findings"]]


def job(cluster: Cluster, **fields: Any) -> Job:
    return Job.objects.create(
        cluster=cluster, command="start", origin="somebody", target_name="web9", **fields
    )


def test_where_all_is_well_it_says_so(calm: Cluster, by_alice: Client) -> None:
    assert findings(by_alice) == []
    assert "Nothing needs you now" in by_alice.get("/").content.decode()


def test_without_a_cluster_it_says_what_comes_first(by_alice: Client) -> None:
    assert "No clusters yet" in by_alice.get("/").content.decode()


def test_each_finding_counts_what_its_list_shows(calm: Cluster, by_alice: Client) -> None:
    first, second, third, fourth, *_ = calm.vms.order_by("pk")
    VirtualMachine.objects.filter(pk__in=[first.pk, second.pk]).update(status="ERROR_down")
    VirtualMachine.objects.filter(pk=third.pk).update(owner=None, needs_restart=True)
    VirtualMachine.objects.filter(pk=fourth.pk).update(missing_since=timezone.now())
    Node.objects.filter(pk=calm.nodes.earliest("pk").pk).update(role="O")
    now = timezone.now()
    job(calm, status="failed", ended_at=now - HOUR)
    job(calm, status="failed", ended_at=now - 25 * HOUR)
    job(calm, status="running", created_at=now - 2 * HOUR)
    job(calm, status="running", created_at=now)
    assert findings(by_alice) == [
        "2 machines are not as they should be: on sim1",
        "1 node is offline: on sim1",
        "1 job failed in the last day: on sim1",
        "1 job has not ended for over an hour: on sim1",
        "1 machine is not on its cluster any more: on sim1",
        "1 machine runs with older settings: on sim1",
        "1 machine belongs to nobody: on sim1",
    ]
    assert [answer.context["listing"].total for answer in followed(by_alice)] == [2, 1, 1, 1, 1, 1, 1]


def test_a_cluster_in_trouble_is_told_with_what_to_do(calm: Cluster, by_alice: Client) -> None:
    Cluster.objects.update(trouble="certificate", trouble_since=timezone.now())
    assert findings(by_alice) == ["sim1 shows another certificate,"]
    assert "No password is sent there" in by_alice.get("/").content.decode()
    Cluster.objects.update(paused=True)
    assert findings(by_alice) == []


def test_a_cluster_of_which_nothing_is_heard_is_told_although_nothing_failed(
    calm: Cluster, by_alice: Client, clean_cache: None
) -> None:
    cache.clear()
    Cluster.objects.update(synced_at=timezone.now() - HOUR)
    assert findings(by_alice) == ["sim1 gave no news"]


def test_projects_over_their_quota_are_named_to_those_who_give_quotas(
    calm: Cluster, web: Project, alice: User, by_alice: Client, erin: User, charlie: User
) -> None:
    told = ["Web has more on sim1 than the quota allows"]
    set_quota(web, calm, by=alice, machines=3)
    assert findings(by_alice) == findings(signed_in(erin)) == told
    grant(charlie, calm, by=alice, role="operator")
    assert findings(signed_in(charlie)) == []
    set_quota(web, calm, by=alice, machines=99)
    assert findings(by_alice) == []


def test_where_only_running_machines_count_the_others_are_not_over(
    calm: Cluster, alice: User, by_alice: Client
) -> None:
    whole = sum(vm.memory_mib for vm in calm.vms.all())
    set_default_quota(calm, by=alice, running_only=False, memory_mib=whole - 1)
    assert findings(by_alice) == ["Web has more on sim1 than the quota allows"]
    set_default_quota(calm, by=alice, running_only=True, memory_mib=whole - 1)
    calm.vms.filter(pk=calm.vms.earliest("pk").pk).update(status="ADMIN_down", admin_state="down")
    assert findings(by_alice) == []


def test_rights_that_end_soon_are_told_to_those_who_decide(
    calm: Cluster, mine: VirtualMachine, alice: User, by_alice: Client, erin: User, charlie: User, bob: User
) -> None:
    grant(charlie, mine, by=alice, role="console", until=timezone.now() + timedelta(days=3))
    grant(charlie, calm, by=alice, role="viewer", until=timezone.now() + timedelta(days=60))
    assert findings(by_alice) == findings(signed_in(erin)) == ["1 right ends within 14 days"]
    for browser in (by_alice, signed_in(erin), signed_in(bob)):
        assert [held.name for held in browser.get("/access/ending/").context["ending"]] == ["charlie"]
    assert signed_in(charlie).get("/access/ending/").context["ending"] == []


def test_who_runs_no_cluster_sees_his_machines_and_his_quota_and_no_other(
    cluster: Cluster, mine: VirtualMachine, web: Project, dana: User, alice: User
) -> None:
    create_project("Mail", by=alice)
    set_quota(web, cluster, by=alice, machines=4)
    answer = signed_in(dana).get("/")
    page = answer.content.decode()
    assert [row["vm"] for row in answer.context["rows"]] == [mine]
    assert "1 of 4" in page
    assert "Mail" not in page
    assert not any(vm.name in page for vm in cluster.vms.exclude(pk=mine.pk))
    assert not any(node.name in page for node in cluster.nodes.all())


def test_what_is_wrong_stands_first_among_ones_machines(cluster: Cluster, web: Project, dana: User) -> None:
    cluster.vms.update(owner=web, status="running")
    last = cluster.vms.latest("sort_name")
    cluster.vms.filter(pk=last.pk).update(status="ERROR_nodedown")
    answer = signed_in(dana).get("/")
    assert answer.context["rows"][0]["vm"] == last
    assert f"{last.name} is not as it should be" in answer.content.decode()


def test_strangers_see_nothing(cluster: Cluster, mine: VirtualMachine, by_charlie: Client) -> None:
    page = by_charlie.get("/").content.decode()
    assert "No virtual machines yet" in page
    assert "sim1" not in page


def test_who_administers_one_cluster_sees_nothing_of_another(calm: Cluster, erin: User, web: Project) -> None:
    other = Cluster.objects.create(
        slug="veiled", name="veiled", url="https://veiled:5080", trouble="unreachable"
    )
    VirtualMachine.objects.create(
        cluster=other, uuid="u", name="secret", sort_name="secret", status="ERROR_down", owner=web,
        admin_state="up", memory_mib=1, memory_min_mib=1, vcpus=1, disk_mib=1, disk_template="plain",
        hypervisor="kvm",
    )  # fmt: skip
    Node.objects.create(cluster=other, uuid="n", name="secret-node", sort_name="n", role="O")
    job(other, status="failed", ended_at=timezone.now())
    assert findings(signed_in(erin)) == []
    assert "veiled" not in signed_in(erin).get("/").content.decode()


def test_it_asks_as_often_for_much_as_for_little(
    calm: Cluster,
    mine: VirtualMachine,
    alice: User,
    erin: User,
    dana: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(20):
        project = create_project(f"P{number}", by=alice)
        set_quota(project, calm, by=alice, machines=0)
        calm.vms.filter(pk=calm.vms.order_by("pk")[number % 12].pk).update(owner=project)
        job(calm, status="failed", ended_at=timezone.now())
        job(calm, status="running")
    grant(dana, mine, by=alice, role="viewer", until=timezone.now() + HOUR)
    for person in (alice, erin, dana):
        browser = signed_in(person)
        with django_assert_max_num_queries(12):
            assert browser.get("/").status_code == 200


def test_what_differs_from_ganeti_is_settled_by_those_who_administer_the_clusters(
    alice: User, charlie: User, by_alice: Client, by_charlie: Client, cluster: Cluster
) -> None:
    node, vm = cluster.nodes.latest("sort_name"), cluster.vms.earliest("sort_name")
    for row in (node, vm):
        row.missing_since = timezone.now()
        row.save(update_fields=["missing_since"])
    grant(charlie, cluster, by=alice, role="operator")
    kinds = ("gone", "gone-nodes", "nobodys")
    ways = [f'href="/reconcile/{kind}/?cluster=sim1"' for kind in kinds]
    page = by_alice.get("/").content.decode()
    assert [way for way in ways if way not in page] == []
    assert "1 node is not in its cluster any more: on sim1" in page
    page = by_charlie.get("/").content.decode()
    assert "/reconcile/" not in page
    assert "/vms/?status=missing&amp;cluster=sim1" in page
