from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.creating import request_creation
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import Conflict, cancel
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member, create_project
from ganeti_webmgr.permissions.quota import OverQuota, size_of, usage
from ganeti_webmgr.permissions.usage import use_of
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.creation.blueprint import Disk, Nic
from ganeti_webmgr.vms.creation.commands import CheckMachine, CreateMachine
from ganeti_webmgr.vms.hidden import sealed
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db

NAME = "new1.example.org"
PLAN: dict[str, Any] = {
    "os": "debootstrap+trixie",
    "disk_template": "plain",
    "disks": (Disk(size_mib=2048),),
    "nics": (Nic(),),
}
Work = Callable[[Cluster], None]


def ask(by: User, cluster: Cluster, owner: Project, name: str = NAME, **plan: Any) -> Job:
    command = CreateMachine(**{**PLAN, **plan}, owner_tag=owner.tag)
    return request_creation(by=by, command=command, cluster=cluster, name=name, owner=owner)


def test_a_machine_is_made_with_its_owner_and_its_maker_administers_it(
    charlie: User, cluster: Cluster, web: Project, work: Work, ganeti: SimulatedCluster
) -> None:
    job = ask(charlie, cluster, web, notes="For the shop.")
    assert job.vm is None
    work(cluster)
    job.refresh_from_db()
    vm = VirtualMachine.objects.get(name=NAME)
    assert {job.status, job.vm, vm.owner} == {Status.DONE, vm, web}
    assert policy.may(charlie, "admin", vm)
    assert vm.notes == "For the shop."
    (share,) = use_of(web, shared_out=True).shares
    assert (share.person, share.size) == (charlie, size_of(vm))
    assert "gwm:owner:web" in ganeti.config.instances[NAME].tags
    recorded = Event.objects.filter(job_id=job.pk).order_by("pk")
    assert [event.action for event in recorded] == ["job.requested", "machine.made", "job.ended"]
    assert {event.project_name for event in recorded} == {"Web"}


def test_who_asked_and_the_project_see_the_job_before_there_is_a_machine(
    alice: User, charlie: User, cluster: Cluster, web: Project
) -> None:
    member, stranger = (User.objects.create_user(name) for name in ("omar", "zoe"))
    add_member(web, "omar", by=alice)
    job = ask(charlie, cluster, web)
    seen = {user for user in (charlie, member, stranger) if policy.may(user, "view", job)}
    assert seen == {charlie, member}
    assert policy.may(charlie, "cancel", job)
    assert not policy.may(member, "cancel", job)


def test_the_quota_is_taken_with_the_intent_and_counts_once(
    charlie: User, cluster: Cluster, web: Project, work: Work
) -> None:
    ask(charlie, cluster, web)
    asked = usage(web, cluster)
    assert (asked.memory_mib, asked.vcpus, asked.disk_mib, asked.machines) == (1024, 1, 2048, 1)
    work(cluster)
    assert usage(web, cluster) == asked


def test_a_quota_that_is_used_up_stops_the_next(
    alice: User, charlie: User, cluster: Cluster, web: Project
) -> None:
    set_quota(web, cluster, by=alice, machines=1)
    ask(charlie, cluster, web)
    with pytest.raises(OverQuota, match="Web would have 2 of 1 machines"):
        ask(charlie, cluster, web, "new2.example.org")
    assert Job.objects.filter(command="create").count() == 1


def test_a_failure_gives_the_quota_back_and_leaves_no_machine(
    charlie: User, cluster: Cluster, web: Project, work: Work
) -> None:
    job = ask(charlie, cluster, web, memory_mib=4_000_000, memory_min_mib=4_000_000)
    work(cluster)
    job.refresh_from_db()
    assert (job.status, job.vm) == (Status.FAILED, None)
    assert not usage(web, cluster)
    assert job.params["memory_mib"] == 4_000_000


def test_one_whose_system_could_not_be_installed_is_there_and_is_its_owners(
    charlie: User, cluster: Cluster, web: Project, work: Work, ganeti: SimulatedCluster
) -> None:
    ganeti.config.operating_systems = {"labos": ["broken"]}
    job = ask(charlie, cluster, web, os="labos+broken")
    work(cluster)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.vm
    assert (job.vm.name, job.vm.owner) == (NAME, web)
    assert policy.may(charlie, "admin", job.vm)
    assert usage(web, cluster).machines == 1


def test_a_name_is_asked_for_once(
    charlie: User, cluster: Cluster, web: Project, running: VirtualMachine
) -> None:
    ask(charlie, cluster, web)
    with pytest.raises(Conflict, match="is being made on sim1 already"):
        ask(charlie, cluster, web)
    with pytest.raises(Conflict, match="sim1 has a machine named"):
        ask(charlie, cluster, web, running.name)


def test_the_database_itself_holds_one_open_creation_of_a_name(
    charlie: User, cluster: Cluster, web: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(charlie, cluster, web)
    monkeypatch.setattr("ganeti_webmgr.jobs.creating.taken", lambda cluster, names: {})
    with pytest.raises(Conflict, match="at the same moment"):
        ask(charlie, cluster, web)


def test_a_cancelled_one_leaves_the_name_free(charlie: User, cluster: Cluster, web: Project) -> None:
    cancel(ask(charlie, cluster, web), by=charlie)
    assert ask(charlie, cluster, web).is_open
    assert usage(web, cluster).machines == 1


def test_nobody_makes_machines_where_neither_he_nor_the_project_may(
    alice: User, charlie: User, cluster: Cluster, web: Project
) -> None:
    mail = create_project("Mail", by=alice)
    add_member(mail, "charlie", by=alice)
    with pytest.raises(policy.Denied, match="You may not create machines of Mail on sim1"):
        ask(charlie, cluster, mail)  # what Web may there is Web's
    grant(charlie, cluster, by=alice, role="deployer")
    assert ask(charlie, cluster, mail)
    stranger = User.objects.create_user("zoe")
    with pytest.raises(policy.Denied):
        ask(stranger, cluster, web)


def test_a_machine_of_the_name_that_somebody_else_made_is_nobodys_here(
    charlie: User, cluster: Cluster, web: Project, ganeti: SimulatedCluster, work: Work
) -> None:
    job = ask(charlie, cluster, web)
    taken_over = CreateMachine(**PLAN)  # as by the command line: without a tag of ours
    with connect(cluster) as client:
        client.instances.create(taken_over.spec(NAME))
    ganeti.wait_for_jobs()
    work(cluster)
    job.refresh_from_db()
    vm = VirtualMachine.objects.get(name=NAME)
    assert (job.status, job.vm, vm.owner) == (Status.FAILED, None, None)
    assert not policy.may(charlie, "view", vm)


def test_one_whose_answer_was_lost_is_found_and_handed_over(
    charlie: User, cluster: Cluster, web: Project, ganeti: SimulatedCluster, work: Work
) -> None:
    job = ask(charlie, cluster, web)
    assert job.claim()
    with connect(cluster) as client:
        CreateMachine(**PLAN, owner_tag=web.tag).send(client, target=NAME, reason=job.reason)
    work(cluster)
    job.refresh_from_db()
    assert (job.status, job.vm) == (Status.DONE, VirtualMachine.objects.get(name=NAME, owner=web))


def test_what_nobody_may_read_is_in_no_row_and_no_record_and_is_gone_at_the_end(
    charlie: User, cluster: Cluster, web: Project, work: Work, ganeti: SimulatedCluster
) -> None:
    hidden = sealed({"private": {"root_password": "hunter2"}})
    job = ask(charlie, cluster, web, hidden_osparams={"root_password": "private"}, sealed=hidden)
    row = str(Job.objects.filter(pk=job.pk).values().get()) + str(Event.objects.values())
    assert "hunter2" not in row
    assert hidden not in str(Event.objects.values())
    call_command("rotatekeys")
    work(cluster)
    assert set(ganeti.config.instances[NAME].osparams_private) == {"root_password"}
    assert "hunter2" not in str(Job.objects.values())
    assert Job.objects.get(pk=job.pk).sealed == ""


def test_a_check_makes_nothing_takes_nothing_and_says_where(
    charlie: User, cluster: Cluster, web: Project, work: Work, ganeti: SimulatedCluster
) -> None:
    command = CheckMachine(**PLAN, owner_tag=web.tag)
    job = request_creation(by=charlie, command=command, cluster=cluster, name=NAME, owner=web)
    assert not usage(web, cluster)
    work(cluster)
    job.refresh_from_db()
    assert job.status == Status.DONE
    assert set((job.result or [[]])[0]) <= set(cluster.nodes.values_list("uuid", flat=True))
    assert NAME not in ganeti.config.instances
    assert ask(charlie, cluster, web)
