"""Several machines placed by one request, each with a job and an end of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import runner, tasks, together
from ganeti_webmgr.jobs.follow import follow
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import cancel
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member, create_project
from ganeti_webmgr.permissions.quota import usage
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.creation.services import create_machines
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

NAMES = [f"web{number}.example.org" for number in (1, 2, 3)]
PLAN = Blueprint(
    os="debootstrap+trixie",
    hypervisor="kvm",
    disk_template="plain",
    disks=(Disk(size_mib=1024),),
    nics=(Nic(),),
)
Work = Callable[[Cluster], None]


@pytest.fixture
def web(alice: User, charlie: User, cluster: Cluster) -> Project:
    project = create_project("Web", by=alice)
    add_member(project, "charlie", by=alice)
    grant(project.group, cluster, by=alice, role="deployer")
    return project


@pytest.fixture
def dora(db: None) -> User:
    """Has no part in anything."""
    return User.objects.create_user("dora")


@pytest.fixture
def asked(charlie: User, cluster: Cluster, web: Project) -> list[Job]:
    return create_machines(
        by=charlie, cluster=cluster, owner=web, names=NAMES, plan=PLAN, hidden={}, together=True
    )


@pytest.fixture
def placing(asked: list[Job]) -> Job:
    return Job.objects.get(command="place")


def statuses() -> list[str]:
    return list(Job.objects.filter(command="create").order_by("pk").values_list("status", flat=True))


def sent_for(ganeti: SimulatedCluster, op: str) -> int:
    return sum(work.op_id == op for job in ganeti.queue.jobs.values() for work in job.ops)


def test_one_request_makes_all_and_each_has_its_own_job(
    asked: list[Job], placing: Job, cluster: Cluster, web: Project, ganeti: SimulatedCluster, work: Work
) -> None:
    work(cluster)
    placing.refresh_from_db()
    jobs = list(Job.objects.filter(command="create").order_by("pk"))
    assert [job.status for job in (placing, *jobs)] == [Status.DONE] * 4
    assert len({job.ganeti_id for job in (placing, *jobs)}) == 4
    assert [job.vm and job.vm.name for job in jobs] == NAMES
    assert {job.vm.owner for job in jobs if job.vm} == {web}
    assert usage(web, cluster).machines == 3
    assert sent_for(ganeti, "OP_INSTANCE_MULTI_ALLOC") == 1
    assert not Job.objects.filter(command="", parent=placing)


def test_the_page_of_them_names_the_placing_to_those_alone_who_may_see_it(
    asked: list[Job], placing: Job, alice: User, charlie: User, dora: User, cluster: Cluster, work: Work
) -> None:
    work(cluster)
    grant(dora, VirtualMachine.objects.get(name=NAMES[1]), by=alice, role="viewer")
    for person, sees in ((charlie, True), (dora, False)):
        browser = signed_in(person)
        assert browser.get(placing.get_absolute_url()).status_code == (200 if sees else 404)
        answer = browser.get(f"/vms/new/batch/{asked[0].batch}/")
        page = answer.content.decode()
        assert (NAMES[1] in page, NAMES[0] in page) == (True, sees)
        assert ("Placed in one step" in page) == sees
        assert (placing.get_absolute_url() in page) == sees
        assert (f"job:{placing.pk}" in answer.context["topics"].split()) == sees


def test_a_part_is_not_sent_by_itself(asked: list[Job], cluster: Cluster, ganeti: SimulatedCluster) -> None:
    assert all(runner.send(job) for job in asked)
    assert statuses() == [Status.REQUESTED] * 3
    tasks.send_waiting(cluster.pk)
    assert statuses() == [Status.RUNNING] * 3
    ganeti.wait_for_jobs()
    assert sent_for(ganeti, "OP_INSTANCE_CREATE") == 3


def test_one_that_was_cancelled_before_is_not_made(
    asked: list[Job], charlie: User, cluster: Cluster, work: Work
) -> None:
    cancel(asked[1], by=charlie)
    work(cluster)
    assert statuses() == [Status.DONE, Status.CANCELLED, Status.DONE]
    assert not VirtualMachine.objects.filter(name=NAMES[1])


def test_nothing_is_sent_where_all_were_cancelled_before(
    asked: list[Job], placing: Job, charlie: User, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    for job in asked:
        cancel(job, by=charlie)
    runner.send(placing)
    placing.refresh_from_db()
    assert placing.status == Status.CANCELLED
    assert not sent_for(ganeti, "OP_INSTANCE_MULTI_ALLOC")


def test_who_cancels_the_placing_cancels_all(
    asked: list[Job], placing: Job, charlie: User, cluster: Cluster, web: Project
) -> None:
    cancel(placing, by=charlie)
    assert statuses() == [Status.CANCELLED] * 3
    assert not usage(web, cluster)


def test_a_name_that_is_taken_on_the_cluster_fails_alone(
    asked: list[Job], cluster: Cluster, ganeti: SimulatedCluster, work: Work
) -> None:
    with ganeti.change():
        there = next(iter(ganeti.config.instances.values()))
        ganeti.config.instances[NAMES[1]] = there
    work(cluster)
    assert statuses() == [Status.DONE, Status.FAILED, Status.DONE]
    assert "already" in Job.objects.get(command="create", target_name=NAMES[1]).error


def test_one_for_which_there_is_no_room_fails_alone_and_says_so(
    asked: list[Job], cluster: Cluster, web: Project, work: Work
) -> None:
    params = {**asked[2].params, "memory_mib": 4_000_000, "memory_min_mib": 4_000_000}
    Job.objects.filter(pk=asked[2].pk).update(params=params)
    work(cluster)
    assert statuses() == [Status.DONE, Status.DONE, Status.FAILED]
    failed = Job.objects.get(pk=asked[2].pk)
    assert failed.error == "The cluster found no place for it. Nothing was made."
    assert failed.error_code == "insufficient_resources"
    assert usage(web, cluster).machines == 2


def test_where_no_place_is_found_at_all_each_says_why(
    asked: list[Job], placing: Job, cluster: Cluster, web: Project, work: Work
) -> None:
    for job in asked:
        params = {**job.params, "memory_mib": 4_000_000, "memory_min_mib": 4_000_000}
        Job.objects.filter(pk=job.pk).update(params=params)
    work(cluster)
    placing.refresh_from_db()
    assert statuses() == [Status.FAILED] * 3
    assert placing.error
    assert set(Job.objects.filter(command="create").values_list("error", flat=True)) == {placing.error}
    assert not usage(web, cluster)


def test_a_lost_answer_is_found_again_and_nothing_is_sent_twice(
    asked: list[Job], placing: Job, cluster: Cluster, ganeti: SimulatedCluster, work: Work
) -> None:
    runner.send(placing)
    # As if the answer with the number had never come.
    Job.objects.filter(pk=placing.pk).update(status=Status.UNKNOWN, ganeti_id=None, ganeti_status="")
    Job.objects.filter(parent=placing).update(status=Status.UNKNOWN, ganeti_status="")
    work(cluster)
    assert statuses() == [Status.DONE] * 3
    assert sent_for(ganeti, "OP_INSTANCE_MULTI_ALLOC") == 1
    assert sent_for(ganeti, "OP_INSTANCE_CREATE") == 3


def test_what_never_arrived_ends_with_its_parts_and_not_one_by_one(
    asked: list[Job], placing: Job, cluster: Cluster
) -> None:
    long_ago = timezone.now() - timedelta(seconds=400)
    Job.objects.filter(pk__in=[job.pk for job in asked]).update(status=Status.UNKNOWN, sent_at=long_ago)
    Job.objects.filter(pk=placing.pk).update(status=Status.UNKNOWN, sent_at=timezone.now())
    with connect(cluster) as client:
        follow(cluster, client)
    assert statuses() == [Status.UNKNOWN] * 3
    Job.objects.filter(pk=placing.pk).update(sent_at=long_ago)
    with connect(cluster) as client:
        follow(cluster, client)
    assert statuses() == [Status.FAILED] * 3
    assert all("Nothing was done" in job.error for job in Job.objects.filter(command="create"))


def test_a_cluster_that_does_not_answer_gets_them_later(
    asked: list[Job], placing: Job, cluster: Cluster, charlie: User, ganeti: SimulatedCluster, work: Work
) -> None:
    url, cluster.url = cluster.url, "https://localhost:1"
    cluster.save()
    runner.send(Job.objects.get(pk=placing.pk))
    assert statuses() == [Status.REQUESTED] * 3
    placing.refresh_from_db()
    assert placing.status == Status.REQUESTED
    cluster.url = url
    cluster.save()
    work(cluster)
    assert statuses() == [Status.DONE] * 3


def test_a_part_is_known_by_its_name_before_its_parent_has_told_its_number(
    asked: list[Job], placing: Job, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    runner.send(placing)
    ganeti.wait_for_jobs()
    placing.refresh_from_db()
    parent = ganeti.queue.jobs[placing.ganeti_id or 0]
    result, parent.ops[0].result = parent.ops[0].result, {"jobs": [], "allocatable": [], "failed": []}
    cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)
    parent.ops[0].result = result
    cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)
    assert statuses() == [Status.DONE] * 3
    assert not Job.objects.filter(command="", parent=placing)


def test_a_job_that_ganeti_calls_otherwise_breaks_nothing(
    asked: list[Job], placing: Job, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    runner.send(placing)
    ganeti.wait_for_jobs()
    number = next(job.id for job in ganeti.queue.jobs.values() if job.ops[0].op_id == "OP_INSTANCE_CREATE")
    Job.objects.create(cluster=cluster, ganeti_id=number, status=Status.RUNNING, origin="Ganeti")
    cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)
    assert sorted(statuses()) == [Status.DONE, Status.DONE, Status.FAILED]


def test_one_that_was_cancelled_while_they_were_being_sent_is_not_sent_again(
    asked: list[Job], placing: Job, charlie: User, cluster: Cluster, work: Work
) -> None:
    placing.claim()
    assert set(together.claimed(placing)) == set(NAMES)
    cancel(Job.objects.get(pk=asked[1].pk), by=charlie)
    assert statuses() == [Status.UNKNOWN] * 3
    assert [job.pk for job in together.released(placing)] == [asked[1].pk]
    placing.release()
    assert statuses() == [Status.REQUESTED, Status.CANCELLED, Status.REQUESTED]
    work(cluster)
    assert statuses() == [Status.DONE, Status.CANCELLED, Status.DONE]


def test_the_cancel_of_one_that_has_no_number_yet_is_sent_once_it_has_one(
    asked: list[Job], placing: Job, charlie: User, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    runner.send(placing)
    cancel(Job.objects.get(pk=asked[1].pk), by=charlie)
    tasks.cancel_waiting(cluster.pk)
    assert Job.objects.get(pk=asked[1].pk).cancel_requested_at
    ganeti.wait_for_jobs()
    placing.refresh_from_db()
    # As if the creation were still in Ganeti's queue.
    number = next(job.id for job in ganeti.queue.jobs.values() if NAMES[1] in str(job.ops[0].summary))
    Job.objects.filter(pk=asked[1].pk).update(ganeti_id=number)
    tasks.cancel_waiting(cluster.pk)
    part = Job.objects.get(pk=asked[1].pk)
    assert (part.cancel_requested_at, bool(part.cancel_answer)) == (None, True)
