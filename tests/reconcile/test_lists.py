"""The lists as pages: what they cost, who is led to them, and what was renamed outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.reconcile import kinds
from ganeti_webmgr.reconcile.review import looked_at
from ganeti_webmgr.reconcile.services import choose
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import FormerName, VirtualMachine
from tests.estate import told

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]
MOST = 12


@pytest.mark.parametrize("address", ["", "gone/", "gone-nodes/", "tags/", "renamed/"])
def test_a_list_costs_the_same_for_many_rows_as_for_few(
    address: str,
    alice: User,
    charlie: User,
    by_alice: Client,
    by_charlie: Client,
    cluster: Cluster,
    web: Project,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    pks = list(cluster.vms.order_by("sort_name").values_list("pk", flat=True))
    FormerName.objects.bulk_create(
        FormerName(vm_id=pk, name=f"once{pk}", until=timezone.now() + timedelta(days=364)) for pk in pks[6:]
    )
    VirtualMachine.objects.filter(pk__in=pks[:6]).update(missing_since=timezone.now(), owner=web)
    told(*cluster.vms.filter(pk__in=pks[6:]), tag_lines="\ngwm:owner:web\n\nganetimgr:user:alice\n")
    cluster.nodes.update(missing_since=timezone.now())
    for browser in (by_alice, by_charlie):
        with django_assert_max_num_queries(MOST):
            answer = browser.get(f"/reconcile/{address}")
        assert answer.status_code == 200
        assert answer.context["listing"].total >= 2


@pytest.mark.parametrize("verb", ["adopt", "take", "write", "forget"])
def test_a_look_costs_the_same_for_many_rows_as_for_few(
    verb: str,
    alice: User,
    cluster: Cluster,
    web: Project,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    settlement = choose(cluster.vms.all(), verb=verb, by=alice)
    settlement.params = {"project": "web"}
    with django_assert_max_num_queries(10):
        assert len(looked_at(settlement, by=alice).entries) == 12


def test_those_who_administer_a_cluster_have_the_entry_in_the_navigation(
    alice: User, charlie: User, by_alice: Client, by_charlie: Client, cluster: Cluster
) -> None:
    link = 'href="/reconcile/"'
    assert link in by_alice.get("/vms/").content.decode()
    assert link not in by_charlie.get("/vms/").content.decode()
    grant(charlie, cluster, by=alice, role="admin")
    cache.clear()
    assert link in by_charlie.get("/vms/").content.decode()


def test_renamed_outside_is_told_and_by_us_is_not(
    alice: User, by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ours, theirs = cluster.vms.order_by("sort_name")[:2]
    for vm in (ours, theirs):
        with ganeti.change():
            instance = ganeti.config.instances.pop(vm.name)
            instance.name = f"new-{vm.name}"
            ganeti.config.instances[instance.name] = instance
            instance.touch(ganeti.now())
    cycle.run(cluster, everything=True)
    ours.jobs.create(cluster=cluster, command="rename", status="done", ended_at=timezone.now())
    assert [former.name for former in kinds.renamed(alice)] == [theirs.name]
    page = by_alice.get("/reconcile/renamed/").content.decode()
    assert f"new-{theirs.name}" in page
    assert f"new-{ours.name}" not in page
    assert kinds.counts(alice, {})["renamed"] == 1


def test_each_list_says_how_many_the_others_have(
    by_alice: Client, cluster: Cluster, gone: VirtualMachine
) -> None:
    cluster.nodes.filter(pk=cluster.nodes.latest("pk").pk).update(missing_since=timezone.now())
    expected = [11, 1, 1, 0, 0]
    for address in ("", "gone/", "gone-nodes/?q=node", "tags/?cluster=sim1", "nobodys/?q=none", "renamed/"):
        tabs = by_alice.get(f"/reconcile/{address}").context["tabs"]
        assert [tab["count"] for tab in tabs] == expected, address
