"""What of a project's use is whose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_default_quota
from ganeti_webmgr.permissions.models import MachineUserGrant, Project, Reservation
from ganeti_webmgr.permissions.projects import MEMBER, add_member
from ganeti_webmgr.permissions.quota import Size, size_of
from ganeti_webmgr.permissions.usage import use_of
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def machines(web: Project, cluster: Cluster) -> list[VirtualMachine]:
    """Six machines of the project."""
    found = list(cluster.vms.order_by("sort_name")[:6])
    VirtualMachine.objects.filter(pk__in=[vm.pk for vm in found]).update(owner=web)
    return list(VirtualMachine.objects.filter(owner=web).order_by("sort_name"))


def made(vm: VirtualMachine, by: User) -> None:
    """What the record says of a machine that came as somebody had asked for it here."""
    record("machine.made", vm, by=by)


def asked(vm: VirtualMachine, by: User, *, status: str = Status.RUNNING, **takes: int) -> None:
    """A job of that person for which room was taken."""
    assert vm.owner
    job = Job.objects.create(
        cluster=vm.cluster, vm=vm, command="start", origin=str(by), requested_by=by, status=status
    )
    Reservation.objects.create(job=job, project=vm.owner, cluster=vm.cluster, **takes)


def shared_out(project: Project) -> dict[str, Size]:
    return {str(share.person or "nobody"): share.size for share in use_of(project, shared_out=True).shares}


def whole(project: Project) -> Size:
    """What the project uses on all clusters, as its gauges say."""
    gauges = [gauge for on in use_of(project).clusters for gauge in on.gauges]
    return sum((Size(**{gauge.name: gauge.used}) for gauge in gauges), Size())


def test_a_machine_counts_for_who_had_it_made_and_else_for_the_only_one_with_a_right_of_his_own(
    bob: User, dana: User, web: Project, machines: list[VirtualMachine]
) -> None:
    first, second, third, *rest = machines
    made(first, bob)
    grant(dana, first, by=bob, role="operator")
    grant(dana, second, by=bob, role="operator")
    grant(dana, third, by=bob, role="operator")
    grant(bob, third, by=bob, role="operator")
    assert shared_out(web) == {
        "bob": size_of(first),
        "dana": size_of(second),
        "nobody": sum((size_of(vm) for vm in (third, *rest)), Size()),
    }


def test_seeing_a_machine_and_rights_that_have_ended_make_it_nobodys(
    bob: User, dana: User, web: Project, machines: list[VirtualMachine]
) -> None:
    grant(dana, machines[0], by=bob, role="viewer")
    grant(dana, machines[2], by=bob, role="watcher")
    grant(dana, machines[1], by=bob, role="operator", until=timezone.now() + timedelta(hours=1))
    assert shared_out(web)["dana"] == size_of(machines[1])
    MachineUserGrant._default_manager.update(expires_at=timezone.now())
    assert set(shared_out(web)) == {"nobody"}


def test_what_people_outside_the_project_made_or_hold_is_nobodys(
    bob: User, charlie: User, web: Project, machines: list[VirtualMachine]
) -> None:
    made(machines[0], charlie)
    grant(charlie, machines[1], by=bob, role="operator")
    assert set(shared_out(web)) == {"nobody"}
    add_member(web, "charlie", by=bob, role=MEMBER)
    assert shared_out(web)["charlie"] == size_of(machines[0]) + size_of(machines[1])


def test_people_who_are_in_the_project_by_a_group_have_their_share(
    alice: User, charlie: User, web: Project, machines: list[VirtualMachine]
) -> None:
    staff = Group.objects.create(name="staff")
    staff.user_set.add(charlie)
    grant(staff, web, by=alice, role="member")
    made(machines[0], charlie)
    assert shared_out(web)["charlie"] == size_of(machines[0])


def test_what_is_promised_to_a_job_counts_for_who_asked_for_it_until_it_has_ended(
    bob: User, dana: User, charlie: User, web: Project, machines: list[VirtualMachine]
) -> None:
    asked(machines[0], dana, machines=1, memory_mib=2048, vcpus=2, disk_mib=1024)
    asked(machines[1], bob, status=Status.FAILED, machines=1, memory_mib=512)
    asked(machines[2], charlie, memory_mib=256)
    rest = sum((size_of(vm) for vm in machines), Size(memory_mib=256))
    assert shared_out(web) == {"dana": Size(2048, 2, 1024, 1), "nobody": rest}


def test_the_shares_add_up_to_what_the_project_uses_whatever_counts_there(
    alice: User, bob: User, dana: User, charlie: User, web: Project, machines: list[VirtualMachine]
) -> None:
    made(machines[0], bob)
    asked(machines[1], charlie, machines=1, memory_mib=64)
    grant(dana, machines[2], by=bob, role="operator")
    VirtualMachine.objects.filter(pk=machines[5].pk).update(missing_since=timezone.now())
    for running_only in (False, True):
        set_default_quota(machines[0].cluster, by=alice, running_only=running_only)
        assert use_of(web, shared_out=True).whole == whole(web)
    assert whole(web).machines == 6  # five that are there, and one that is being made


def test_leads_see_on_the_page_whose_it_is_and_members_do_not(
    bob: User, dana: User, web: Project, machines: list[VirtualMachine]
) -> None:
    page = signed_in(bob).get(web.get_absolute_url()).content.decode()
    assert "Use by person" in page
    assert "Nobody in particular" in page
    assert "All of Web" in page
    assert "Use by person" not in signed_in(dana).get(web.get_absolute_url()).content.decode()


def test_a_personal_project_and_one_without_use_have_no_such_table(bob: User, web: Project) -> None:
    assert "Use by person" not in signed_in(bob).get(web.get_absolute_url()).content.decode()


def test_the_page_asks_as_often_for_few_people_machines_and_clusters_as_for_many(
    alice: User, bob: User, web: Project, machines: list[VirtualMachine], cluster: Cluster
) -> None:
    browser = signed_in(bob)
    made(machines[0], bob)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(web.get_absolute_url()).status_code == 200
        return len(asked)

    questions()  # what is asked once a process is not of the page
    few = questions()
    for number, vm in enumerate(cluster.vms.all()):
        person = User.objects.create_user(f"person{number}")
        add_member(web, person.username, by=bob)
        vm.owner = web
        vm.save(update_fields=["owner"])
        made(vm, person)
        _another(vm, number)
    assert len(use_of(web).clusters) == 13
    assert len(use_of(web, shared_out=True).shares) > 10
    assert questions() == few


def test_the_quotas_of_a_cluster_ask_as_often_for_few_projects_as_for_many(
    alice: User, by_alice: Any, machines: list[VirtualMachine], cluster: Cluster
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert by_alice.get(f"{cluster.get_absolute_url()}-/quotas/").status_code == 200
        return len(asked)

    questions()
    few = questions()
    for number, vm in enumerate(cluster.vms.filter(owner=None)):
        vm.owner = Project.objects.create(
            name=f"P{number}", slug=f"p{number}", group=Group.objects.create(name=f"project:p{number}")
        )
        vm.save(update_fields=["owner"])
    assert questions() == few


def _another(vm: VirtualMachine, number: int) -> None:
    """A machine like that one on a cluster of its own."""
    elsewhere = Cluster.objects.create(slug=f"c{number}", name=f"c{number}", url=f"https://c{number}:5080")
    vm.pk, vm.uuid, vm.cluster, vm.primary_node, vm.secondary_node = None, f"u{number}", elsewhere, None, None
    vm.save(force_insert=True)
