from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.commands import REGISTRY, MachineCommand
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.limiting import clear_quota, set_default_quota, set_quota
from ganeti_webmgr.permissions.models import Project, Reservation
from ganeti_webmgr.permissions.quota import OverQuota, Size, gauges, require_room, size_of, usage
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Enlarge(MachineCommand):
    """Asks for more, as creating a machine or growing a disk does."""

    name = "enlarge"
    label = "Enlarge"
    busy = "Enlarging"
    icon = "plus"
    permission = "modify"

    def demand(self, vm: VirtualMachine) -> Size:
        return Size(memory_mib=1024, machines=1)

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        raise NotImplementedError

    def line(self, target: str) -> str:
        return f"enlarge {target}"


@pytest.fixture(autouse=True)
def known() -> None:
    REGISTRY[Enlarge.name] = Enlarge


def test_what_a_project_has_is_the_sum_of_its_machines_and_of_what_is_promised(
    bob: User, web: Project, mine: VirtualMachine
) -> None:
    assert usage(web, mine.cluster) == size_of(mine) == Size(mine.memory_mib, mine.vcpus, mine.disk_mib, 1)
    job = request_job(by=bob, command=Enlarge(), on=mine)
    assert usage(web, mine.cluster) == size_of(mine) + Size(memory_mib=1024, machines=1)
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED)
    assert usage(web, mine.cluster) == size_of(mine), "a failed job gives back what it had reserved"


def test_none_is_no_limit_and_nought_is_nothing(
    alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    set_quota(web, mine.cluster, by=alice, memory_mib=None, machines=None)
    request_job(by=bob, command=Enlarge(), on=mine)
    Job.objects.all().update(status=Status.DONE)
    set_quota(web, mine.cluster, by=alice, memory_mib=0)
    with pytest.raises(OverQuota, match="of 0 MiB memory"):
        request_job(by=bob, command=Enlarge(), on=mine)
    assert not Job.objects.open().exists()


def test_the_default_of_the_cluster_holds_for_projects_without_a_quota_of_their_own(
    alice: User, web: Project, mine: VirtualMachine
) -> None:
    set_default_quota(mine.cluster, by=alice, machines=1)
    with pytest.raises(OverQuota):
        require_room(web, mine.cluster, Size(machines=1))
    set_quota(web, mine.cluster, by=alice, machines=5)
    require_room(web, mine.cluster, Size(machines=1))
    clear_quota(web, mine.cluster, by=alice)
    with pytest.raises(OverQuota):
        require_room(web, mine.cluster, Size(machines=1))


def test_being_over_is_shown_and_does_not_keep_from_what_takes_nothing_more(
    alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    set_quota(web, mine.cluster, by=alice, memory_mib=1, machines=0)
    assert {gauge.name for gauge in gauges(web, mine.cluster) if gauge.is_over} == {"memory_mib", "machines"}
    request_job(by=bob, command=Start(), on=mine)


def test_where_only_running_machines_count_starting_is_checked(
    alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    set_default_quota(mine.cluster, by=alice, memory_mib=mine.memory_mib - 1, running_only=True)
    assert usage(web, mine.cluster).memory_mib == 0
    with pytest.raises(OverQuota):
        request_job(by=bob, command=Start(), on=mine)


def test_superusers_may_go_over_if_they_say_so_and_others_may_not(
    alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    set_quota(web, mine.cluster, by=alice, machines=0)
    for person, wish in ((alice, False), (bob, True), (bob, False)):
        with pytest.raises(OverQuota):
            request_job(by=person, command=Enlarge(), on=mine, over_quota=wish)
    job = request_job(by=alice, command=Enlarge(), on=mine, over_quota=True)
    assert Reservation.objects.get(job=job).over_limit


def test_quotas_are_set_by_who_administers_the_cluster_and_are_no_nonsense(
    alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    with pytest.raises(policy.Denied):
        set_quota(web, mine.cluster, by=bob, machines=99)
    with pytest.raises(ValidationError):
        set_quota(web, mine.cluster, by=alice, machines=-1)
    assert not web.quotas.exists()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_just_those_are_accepted_for_whom_there_is_room(
    alice: User, bob: User, web: Project, cluster: Cluster
) -> None:
    sample = cluster.vms.earliest("pk")
    machines = [clone(sample, number, web) for number in range(20)]
    set_quota(web, cluster, by=alice, machines=20 + 7)
    start = threading.Barrier(20)
    outcomes: list[str] = []

    def ask(vm: VirtualMachine) -> None:
        start.wait()
        try:
            request_job(by=bob, command=Enlarge(), on=vm)
            outcomes.append("accepted")
        except OverQuota:
            outcomes.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(vm,)) for vm in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("accepted"), outcomes.count("over")) == (7, 13)
    assert Reservation.objects.count() == Job.objects.open().count() == 7


def clone(sample: VirtualMachine, number: int, owner: Project) -> VirtualMachine:
    sample.pk = None
    sample._state.adding = True
    sample.uuid, sample.name, sample.owner = f"clone-{number}", f"clone{number}.example.org", owner
    sample.save()
    return VirtualMachine.objects.get(uuid=f"clone-{number}")
