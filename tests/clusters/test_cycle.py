from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import cycle, freshness, health
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import added

pytestmark = pytest.mark.django_db


def test_a_new_cluster_is_read_whole_in_one_round(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    assert cluster.version == ganeti.shape.version
    assert set(cluster.vms.values_list("name", flat=True)) == set(ganeti.instances)
    assert set(cluster.nodes.values_list("name", flat=True)) == set(ganeti.nodes)
    assert set(cluster.nodegroups.values_list("name", flat=True)) == set(ganeti.groups)
    assert set(cluster.networks.values_list("name", flat=True)) == set(ganeti.networks)
    for vm in cluster.vms.select_related("primary_node"):
        assert vm.status == ganeti.status(vm.name)
        assert vm.primary_node
        assert vm.primary_node.name == ganeti.instances[vm.name].pnode


def test_a_second_round_that_finds_nothing_new_writes_nothing(cluster: Cluster) -> None:
    writes = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        cycle.run(cluster, everything=True)
    assert writes == []


def test_the_age_of_what_is_shown_moves_on_without_a_write(cluster: Cluster) -> None:
    before = timezone.now()
    cycle.run(cluster, everything=True)
    moment = freshness.as_of([cluster])[cluster.pk]
    assert moment
    assert moment >= before
    cluster.refresh_from_db()
    assert cluster.synced_at is None
    freshness.save()
    cluster.refresh_from_db()
    assert cluster.synced_at == moment


def test_what_changes_outside_is_seen(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    name = ganeti.with_status("running")[0].name
    ganeti.instances[name].crash()
    cycle.run(cluster, everything=True)
    assert cluster.vms.get(name=name).status == "ERROR_down"


def test_a_node_that_goes_offline_is_seen_with_what_stands_on_it(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    node = next(node.name for node in ganeti.nodes.values() if not node.master)
    ganeti.set_node_offline(node)
    cycle.run(cluster, everything=True)
    row = Node.objects.get(name=node)
    assert row.role == Node.Role.OFFLINE
    assert row.memory_total_mib is None
    statuses = set(row.primary_vms.values_list("status", flat=True))
    assert statuses == {"ERROR_nodeoffline"}


def test_a_machine_that_is_gone_is_kept_and_marked(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    name = next(iter(ganeti.instances))
    with ganeti.change():
        gone = ganeti.instances.pop(name)
    cycle.run(cluster, everything=True)
    assert cluster.vms.get(name=name).missing_since
    with ganeti.change():
        ganeti.instances[name] = gone
    cycle.run(cluster, everything=True)
    assert cluster.vms.get(name=name).missing_since is None


def test_a_renamed_machine_is_still_found_under_its_old_name(
    cluster: Cluster, ganeti: SimulatedCluster, by_alice: Client, stopped: VirtualMachine
) -> None:
    old = stopped.get_absolute_url()
    with connect(cluster) as client:
        client.instances.rename(stopped.name, new_name="renamed.example.org")
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    stopped.refresh_from_db()
    assert stopped.name == "renamed.example.org"
    assert by_alice.get(old).headers["Location"] == stopped.get_absolute_url()


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("refuse", Trouble.UNREACHABLE),
        ("cut", Trouble.UNREACHABLE),
        ("401", Trouble.CREDENTIALS),
        ("garbage", Trouble.ANSWER),
    ],
)
def test_a_cluster_in_trouble_keeps_its_rows_and_says_what_is_wrong(
    cluster: Cluster, ganeti: SimulatedCluster, fault: str, trouble: Trouble
) -> None:
    rows = list(VirtualMachine.objects.order_by("pk").values())
    ganeti.fault(fault)  # type: ignore[arg-type]
    cycle.run(cluster, everything=True)
    cluster.refresh_from_db()
    assert (cluster.trouble, cluster.failures) == (trouble, 1)
    assert cluster.next_attempt_at
    assert cluster.next_attempt_at > timezone.now()
    assert list(VirtualMachine.objects.order_by("pk").values()) == rows
    ganeti.heal()
    cycle.run(cluster, everything=True)
    cluster.refresh_from_db()
    assert (cluster.trouble, cluster.failures) == ("", 0)
    assert cluster.next_attempt_at is None


def test_pages_are_told_of_trouble_once_and_not_at_each_attempt(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.fault("refuse")
    told = Notice.objects.filter(topic=f"cluster:{cluster.pk}")
    before = told.count()
    cycle.run(cluster)
    cycle.run(cluster)
    assert told.count() <= before + 1


def test_another_certificate_sends_no_password(ganeti: SimulatedCluster, clean_cache: None) -> None:
    row = added(ganeti)
    row.fingerprint = "00" * 32
    row.save()
    seen = len(ganeti.requests)
    cycle.run(row, everything=True)
    assert row.trouble == Trouble.CERTIFICATE
    assert len(ganeti.requests) == seen


def test_only_another_certificate_is_called_that() -> None:
    assert health.classify(rapi.CertificateMismatch("another")) == Trouble.CERTIFICATE
    assert health.classify(rapi.TlsFailed("no TLS")) == Trouble.UNREACHABLE
