"""Why a job waits: told by its page, in the words of whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import runner, waiting
from ganeti_webmgr.jobs.models import Job, QueueRule
from ganeti_webmgr.jobs.rules import concerns, in_the_way, sync_rules, true_of
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.operations import power
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import HASTE, signed_in
from tests.waiting import until

pytestmark = pytest.mark.django_db

UUID = "11111111-1111-4111-8111-111111111111"


def rule(**given: Any) -> QueueRule:
    return QueueRule(**{"uuid": UUID, "action": "PAUSE", "watermark": 5, **given})


def row(number: int = 7, **op: Any) -> rapi.JobRow:
    reason = [["gnt:user", "night work", 1]]
    return rapi.JobRow(
        id=number, status="queued", ops=({"OP_ID": "OP_INSTANCE_STARTUP", "reason": reason, **op},)
    )


@pytest.mark.parametrize(
    ("predicates", "expected"),
    [
        ([], True),
        ([["jobid", [">", "id", "watermark"]]], True),
        ([["jobid", ["<=", "id", "watermark"]]], False),
        ([["opcode", ["==", "OP_ID", "OP_INSTANCE_STARTUP"]]], True),
        ([["opcode", ["=", "OP_ID", "OP_INSTANCE_REMOVE"]]], False),
        ([["opcode", ["|", ["=", "OP_ID", "OP_X"], ["=~", "OP_ID", "START"]]]], True),
        ([["opcode", ["!", ["?", "force"]]]], True),
        ([["reason", ["=~", "reason", "^night"]]], True),
        ([["reason", ["=", "source", "gnt:client"]]], False),
        ([["jobid", [">", "id", 1]], ["opcode", ["=", "OP_ID", "OP_X"]]], False),
        ([["moon", ["=", "phase", "full"]]], False),
    ],
)
def test_a_rule_concerns_the_jobs_of_which_all_is_true(predicates: list[Any], expected: bool) -> None:
    assert concerns(rule(predicates=predicates), row()) is expected


@pytest.mark.parametrize(
    "wanted",
    [
        ["<", "name", 3],
        ["=~", "name", "("],
        ["=[]", "size", "a"],
        ["~~", "name", "a"],
        ["&", ["<", "none", 1]],
    ],
)
def test_what_cannot_be_compared_is_not_true(wanted: list[Any]) -> None:
    assert true_of(wanted, {"name": "web", "size": 3}) is False


def test_the_first_rule_that_says_anything_counts() -> None:
    passes, pauses, on = rule(action="ACCEPT"), rule(), rule(action="CONTINUE")
    assert in_the_way([on, pauses], row()) is pauses
    assert in_the_way([on, passes, pauses], row()) is None
    assert in_the_way([rule(action=["RATE_LIMIT", 2])], row()) is not None
    assert in_the_way([], row()) is None


@pytest.fixture
def held_back(cluster: Cluster) -> None:
    """A rule on the cluster that holds every job back."""
    with connect(cluster) as client:
        client.filters.replace(UUID, action="PAUSE", reason=[["gnt:user", "Moving racks", 1]])


@pytest.mark.usefixtures("held_back")
def test_a_job_that_a_rule_holds_back_names_it_until_it_goes_on(
    alice: User, by_alice: Client, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    runner.send(job)
    for _ in range(3):
        cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.waits_for == [{"for": "rule", "rule": UUID, "said": "Moving racks"}]
    assert "held back by a rule: Moving racks" in by_alice.get("/jobs/").content.decode()
    assert "A rule of the queue holds it back" in by_alice.get(job.get_absolute_url()).content.decode()
    with connect(cluster) as client:
        client.filters.delete(UUID)
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert (job.status, job.waits_for) == ("done", [])


def test_a_job_that_waits_for_a_lock_names_the_job_that_holds_it(
    alice: User,
    by_alice: Client,
    running: VirtualMachine,
    cluster: Cluster,
    ganeti: SimulatedCluster,
    hold: Callable[[str], int],
) -> None:
    holder = hold(running.name)
    with connect(cluster) as client:
        client.instances.reboot(running.name, reason="second")
    until(lambda: ganeti.jobs[-1].status == "waiting")
    for _ in range(3):
        cycle.run(cluster, everything=True)
    waits = Job.objects.get(cluster=cluster, ganeti_status="waiting")
    (wait,) = [each for each in waits.waits_for if each["lock"] == f"the machine {running.name}"]
    assert wait["jobs"] == [holder]
    page = by_alice.get(waits.get_absolute_url()).content.decode()
    assert f"It needs the machine {running.name}." in page
    assert f'href="{Job.objects.get(ganeti_id=holder).get_absolute_url()}"' in page


@pytest.fixture
def hold(cluster: Cluster, ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Begins a job that keeps the lock of a machine for longer than the test lasts."""
    monkeypatch.setattr(power, "REBOOT_S", 3600 * HASTE)

    def begin(name: str) -> int:
        with connect(cluster) as client:
            number = client.instances.reboot(name, reason="first")
        until(lambda: ganeti.jobs[-1].status == "running")
        return number

    return begin


@pytest.mark.usefixtures("held_back")
def test_rules_are_mirrored_and_forgotten_with_the_cluster_s(cluster: Cluster) -> None:
    with connect(cluster) as client:
        sync_rules(cluster, client)
        (found,) = cluster.queue_rules.all()
        assert (found.uuid, found.kind, found.said) == (UUID, "PAUSE", "Moving racks")
        client.filters.replace(UUID, action=["RATE_LIMIT", 2])  # type: ignore[arg-type]
        sync_rules(cluster, client)
        assert cluster.queue_rules.get().kind == "RATE_LIMIT"
        client.filters.delete(UUID)
        sync_rules(cluster, client)
    assert not cluster.queue_rules.exists()


def test_a_job_in_the_way_is_not_named_to_those_who_may_not_see_it(
    alice: User, charlie: User, running: VirtualMachine, stopped: VirtualMachine, cluster: Cluster
) -> None:
    grant(charlie, stopped, by=alice, role="viewer")
    secret = Job.objects.create(
        cluster=cluster, vm=running, target_name=running.name, ganeti_id=3, status="running", origin="test"
    )
    waits = [{"for": "lock", "lock": "the node node1", "jobs": [3]}]
    mine = Job.objects.create(
        cluster=cluster, vm=stopped, ganeti_id=4, status="running", origin="test", waits_for=waits
    )
    page = signed_in(charlie).get(mine.get_absolute_url()).content.decode()
    assert "In the way: Job 3." in page
    assert running.name not in page
    assert secret.get_absolute_url() not in page


def test_a_job_that_runs_after_another_says_after_which(cluster: Cluster) -> None:
    for number, status in ((3, "running"), (4, "done")):
        Job.objects.create(cluster=cluster, ganeti_id=number, status=status, origin="test")
    found = waiting._queued(row(depends=[[3, []], [4, []]]), [], cluster)
    assert found == [{"for": "jobs", "jobs": [3]}]


def test_a_full_cluster_says_how_many_it_runs_at_once(cluster: Cluster) -> None:
    cluster.info["max_running_jobs"] = 1
    assert waiting._queued(row(), [], cluster) == []
    Job.objects.create(cluster=cluster, ganeti_id=3, status="running", ganeti_status="running", origin="test")
    assert waiting._queued(row(), [], cluster) == [{"for": "place", "most": 1}]


def test_a_pattern_that_could_take_for_ever_is_not_tried() -> None:
    costly = rule(predicates=[["reason", ["=~", "reason", "^(.+)+#"]]])
    assert concerns(costly, row()) is False


def test_machines_of_others_that_a_job_needs_are_not_named(cluster: Cluster) -> None:
    locks = [
        rapi.Lock(name=f"instance/{name}", mode=None, owner=(), pending=(["exclusive", ["7"]],))
        for name in ("mine", "theirs")
    ]
    found = waiting._locks(row(instance_name="mine"), locks, cluster)
    assert [wait["lock"] for wait in found] == ["the machine mine", "another machine"]


def test_a_job_that_wants_all_locks_of_a_level_names_whoever_has_one(cluster: Cluster) -> None:
    wants = ((("exclusive"), ("7",)),)
    locks = [
        rapi.Lock(name="node-res/[lockset]", mode=None, owner=None, pending=wants),
        rapi.Lock(name="node/[lockset]", mode=None, owner=None, pending=wants),
        rapi.Lock(name="node/e2a38b00", mode="exclusive", owner=("5",), pending=None),
        rapi.Lock(name="instance/web1", mode="exclusive", owner=("6",), pending=None),
    ]
    assert waiting._locks(row(7), locks, cluster) == [{"for": "lock", "lock": "all nodes", "jobs": [5]}]
