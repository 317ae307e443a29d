from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.live import topics
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import MachineUserGrant, Membership, Project
from ganeti_webmgr.permissions.projects import change_project
from ganeti_webmgr.permissions.vocabulary import ROLES, WORDS
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import FormerName, VirtualMachine
from tests.matrix.people import gather

pytestmark = pytest.mark.django_db


def test_an_administrator_may_everything_and_strangers_nothing(
    alice: User, charlie: User, stopped: VirtualMachine
) -> None:
    machines = VirtualMachine.objects.all()
    assert set(policy.permitted(alice, "power", machines)) == set(machines)
    for nobody in (charlie, AnonymousUser()):
        assert not policy.permitted(nobody, "view", machines).exists()
        assert policy.held(nobody, stopped) == set()
        with pytest.raises(policy.Denied, match="You may not start, stop and restart"):
            policy.require(nobody, "power", stopped)


def test_whoever_is_switched_off_may_nothing(alice: User, bob: User, mine: VirtualMachine) -> None:
    for person in (alice, bob):
        person.is_active = False
        assert not policy.may(person, "view", mine)
        assert policy.held(person, mine) == set()


@pytest.mark.parametrize("role", ["viewer", "operator", "maintainer"])
def test_members_have_the_projects_member_role_on_its_machines_and_on_no_others(
    role: str, bob: User, dana: User, web: Project, mine: VirtualMachine, others: VirtualMachine
) -> None:
    change_project(web, by=bob, member_role=role)
    watching = set() if role == "viewer" else {"watch"}  # comes with the console
    assert policy.held(dana, mine) == ROLES["virtualmachine"][role].permissions | watching
    assert policy.held(dana, others) == set()
    assert list(policy.permitted(dana, "view", VirtualMachine.objects.all())) == [mine]


def test_leads_administer_the_machines_of_their_project(
    bob: User, mine: VirtualMachine, others: VirtualMachine
) -> None:
    assert policy.held(bob, mine) == WORDS["virtualmachine"].keys()
    assert policy.held(bob, others) == set()


def test_a_cluster_and_all_on_it_are_its_admins(
    alice: User, charlie: User, cluster: Cluster, stopped: VirtualMachine
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    assert policy.held(charlie, stopped) == WORDS["virtualmachine"].keys()
    assert policy.held(charlie, cluster) == WORDS["cluster"].keys()
    node = cluster.nodes.earliest("pk")
    assert policy.held(charlie, node) == {"view", "operate", "tags"}


def test_those_who_may_see_a_cluster_see_all_of_it_and_change_nothing(
    alice: User, charlie: User, cluster: Cluster, stopped: VirtualMachine
) -> None:
    grant(charlie, cluster, by=alice, role="viewer")
    assert policy.held(charlie, stopped) == {"view"}
    assert policy.permitted(charlie, "view", VirtualMachine.objects.all()).count() == cluster.vms.count()
    assert policy.permitted(charlie, "view", Node.objects.all()).count() == cluster.nodes.count()


def test_those_who_deploy_on_a_cluster_do_not_see_what_others_have_there(
    alice: User, charlie: User, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="deployer")
    assert policy.held(charlie, cluster) == {"create_vm"}
    assert not policy.permitted(charlie, "view", VirtualMachine.objects.all()).exists()


def test_a_grant_to_a_project_reaches_its_people_as_long_as_they_are_in_it(
    alice: User, dana: User, web: Project, cluster: Cluster
) -> None:
    grant(web.group, cluster, by=alice, role="deployer")
    assert policy.may(dana, "create_vm", cluster)
    Membership.objects.get(user=dana).delete()
    web.group.user_set.remove(dana)
    assert not policy.may(dana, "create_vm", cluster)


def test_a_group_can_have_a_part_in_a_project_and_what_was_given_to_the_project(
    alice: User, charlie: User, web: Project, mine: VirtualMachine, cluster: Cluster
) -> None:
    staff = Group.objects.create(name="staff")
    staff.user_set.add(charlie)
    grant(staff, web, by=alice, role="member")
    grant(web.group, cluster, by=alice, role="deployer")
    assert policy.held(charlie, mine) == ROLES["virtualmachine"]["operator"].permissions | {"watch"}
    assert policy.held(charlie, web) == {"view"}
    assert policy.may(charlie, "create_vm", cluster)
    grant(staff, web, by=alice, role="lead")
    assert policy.held(charlie, mine) == WORDS["virtualmachine"].keys()


def test_a_grant_ends_the_second_it_is_meant_to(alice: User, charlie: User, stopped: VirtualMachine) -> None:
    grant(charlie, stopped, by=alice, role="operator", until=timezone.now() + timedelta(hours=1))
    assert policy.may(charlie, "power", stopped)
    MachineUserGrant._default_manager.update(expires_at=timezone.now())
    assert policy.held(charlie, stopped) == set()
    assert not policy.permitted(charlie, "view", VirtualMachine.objects.all()).exists()


def test_a_list_a_check_and_a_button_agree(
    alice: User, bob: User, dana: User, charlie: User, web: Project, mine: VirtualMachine, cluster: Cluster
) -> None:
    grant(charlie, mine, by=bob, role="console")
    grant(charlie, cluster, by=alice, permissions={"migrate", "tags"})
    machines = VirtualMachine.objects.all()
    for person in (alice, bob, dana, charlie):
        listed = {name: set(policy.permitted(person, name, machines)) for name in WORDS["virtualmachine"]}
        for vm in machines:
            held = policy.held(person, vm)
            for name, rows in listed.items():
                assert (vm in rows) == (name in held) == policy.may(person, name, vm), (person, name, vm)


def test_of_every_kind_of_object_all_that_somebody_holds_is_what_he_may_one_by_one(
    alice: User, web: Project, mine: VirtualMachine, others: VirtualMachine, cluster: Cluster
) -> None:
    people = gather(by=alice, vm=mine, cluster=cluster, project=web)
    asked_for_it = people["operator"]
    assert asked_for_it is not None
    job = request_job(by=asked_for_it, command=Start(), on=mine)
    targets = (mine, others, cluster, web, cluster.nodes.earliest("pk"), job, Event.objects.latest("pk"))
    everything = {target: set(WORDS[policy.kind_of(type(target))]) for target in targets}
    for name, person in people.items():
        who = person or AnonymousUser()
        for target, names in everything.items():
            one_by_one = {each for each in names if policy.may(who, each, target)}
            assert policy.held(who, target) == one_by_one, (name, target)


def test_what_no_rule_knows_is_hidden_from_all_but_superusers(
    alice: User, bob: User, mine: VirtualMachine
) -> None:
    name = FormerName.objects.create(vm=mine, name="once.example.org", until=timezone.now())
    assert policy.may(alice, "view", name)
    assert not policy.may(bob, "view", name)


def test_jobs_are_seen_with_their_machine_and_cancelled_by_who_asked_for_them(
    bob: User, dana: User, charlie: User, mine: VirtualMachine
) -> None:
    job = request_job(by=dana, command=Start(), on=mine)
    assert policy.held(dana, job) == {"view", "cancel"}
    assert policy.held(bob, job) == {"view", "cancel"}
    assert policy.held(charlie, job) == set()
    assert not policy.permitted(charlie, "view", Job.objects.all()).exists()


def test_topics_are_heard_by_those_who_may_see_their_object(
    alice: User, charlie: User, dana: User, mine: VirtualMachine
) -> None:
    asked = {topics.parse(f"vm:{mine.pk}")}
    assert topics.visible_to(alice, asked) == asked
    assert topics.visible_to(dana, asked) == asked
    assert topics.visible_to(charlie, asked) == set()
