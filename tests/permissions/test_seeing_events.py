"""Who sees which lines of the record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant, revoke
from ganeti_webmgr.permissions.limiting import clear_quota, set_default_quota, set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.permissions.timeline import SHOWN, latest
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import MachineTemplate, VirtualMachine

pytestmark = pytest.mark.django_db


def seen(user: User | AnonymousUser) -> set[Event]:
    return set(policy.permitted(user, "view", Event.objects.all()))


def test_superusers_see_all_and_strangers_nothing(
    alice: User, charlie: User, web: Project, mine: VirtualMachine
) -> None:
    record("keys.rotated", by="root on the command line")
    assert seen(alice) == set(Event.objects.all())
    assert seen(charlie) == seen(AnonymousUser()) == set()


def test_everybody_sees_what_he_did_and_what_was_done_to_him(
    alice: User, dana: User, charlie: User, mine: VirtualMachine
) -> None:
    asked = request_job(by=dana, command=Start(), on=mine)
    given = Event.objects.get(action="member.added", person_id=dana.pk)
    assert seen(dana) == {given, Event.objects.get(job_id=asked.pk)}
    grant(charlie, mine, by=alice, role="console")
    revoke(charlie, mine, by=alice)
    assert {event.action for event in seen(charlie)} == {"grant.given", "grant.revoked"}


def test_leads_see_what_concerns_their_project_and_nothing_of_another(
    alice: User, bob: User, web: Project, mine: VirtualMachine, others: VirtualMachine
) -> None:
    request_job(by=alice, command=Start(), on=mine)
    create_project("Other", by=alice)
    record("owner.rebuilt", others)
    assert {event.project_name for event in seen(bob)} == {"Web"}
    assert {"project.created", "member.added", "job.requested"} == {event.action for event in seen(bob)}


def test_members_do_not_see_what_others_did_in_their_project(bob: User, dana: User, web: Project) -> None:
    told = record("project.changed", web, by=bob)
    assert told in seen(bob)
    assert told not in seen(dana)


def test_admins_of_a_cluster_see_all_of_it_and_viewers_of_it_only_what_is_their_own(
    alice: User, bob: User, charlie: User, cluster: Cluster, others: VirtualMachine
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    grant(bob, cluster, by=alice, role="operator")
    there = record("owner.rebuilt", others)
    elsewhere = record("keys.rotated")
    assert {there, Event.objects.get(action="cluster.added")} <= seen(charlie)
    assert elsewhere not in seen(charlie)
    assert not seen(bob) & {there, elsewhere}


def test_admins_of_a_cluster_see_what_was_said_there_about_quotas_and_nothing_of_another_cluster(
    alice: User, bob: User, charlie: User, web: Project, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    elsewhere = Cluster.objects.create(slug="other", name="other", url="https://other.example.org:5080")
    for where in (cluster, elsewhere):
        set_quota(web, where, by=alice, machines=3)
        clear_quota(web, where, by=alice)
        set_default_quota(where, by=alice, machines=5)
    about = {(event.action, event.cluster_name) for event in seen(charlie) if "quota" in event.action}
    assert about == {(f"quota.{what}", "sim1") for what in ("set", "cleared", "default-set")}
    assert {event.action for event in latest(charlie, cluster)} >= {"quota.set", "quota.cleared"}
    assert {event.cluster_name for event in seen(bob) if event.action == "quota.set"} == {"sim1", "other"}


def test_admins_of_a_machine_see_what_was_done_to_it_and_not_to_its_neighbour(
    alice: User, charlie: User, mine: VirtualMachine, others: VirtualMachine
) -> None:
    grant(charlie, mine, by=alice, role="admin")
    here, there = record("owner.rebuilt", mine), record("owner.rebuilt", others)
    assert here in seen(charlie)
    assert there not in seen(charlie)
    assert {event.target_id for event in seen(charlie)} == {mine.pk}


def test_the_same_number_of_another_kind_of_object_opens_nothing(
    alice: User, charlie: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=alice, role="admin")
    assert record("group.created", Subject("group", mine.pk, "staff")) not in seen(charlie)


def test_whoever_is_switched_off_or_lost_his_rights_sees_nothing_more(
    alice: User, bob: User, charlie: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=alice, role="admin")
    told = record("owner.rebuilt", mine)
    assert told in seen(charlie)
    revoke(charlie, mine, by=alice)
    assert told not in seen(charlie)
    bob.is_active = False
    assert seen(bob) == set()


def test_it_is_one_question_to_the_database(charlie: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        seen(charlie)
    assert len(asked) == 1
    assert asked[0]["sql"].count("SELECT") < 40


def test_the_timeline_of_an_object_has_its_last_events_newest_first(
    alice: User, bob: User, charlie: User, mine: VirtualMachine, others: VirtualMachine
) -> None:
    for _ in range(SHOWN):
        record("owner.rebuilt", mine)
    newest = record("owner.changed", mine)
    record("owner.rebuilt", others)
    found = latest(bob, mine)
    assert (len(found), found[0]) == (SHOWN, newest)
    assert {event.target_id for event in found} == {mine.pk}
    assert latest(charlie, mine) == []


def test_the_timeline_of_a_cluster_and_a_project_has_all_that_is_theirs(
    alice: User, web: Project, mine: VirtualMachine, cluster: Cluster
) -> None:
    told = record("owner.rebuilt", mine)
    assert told in latest(alice, cluster)
    assert told in latest(alice, web)


def test_the_timeline_of_a_person_has_what_he_did_and_what_was_done_to_him(
    alice: User, bob: User, dana: User, web: Project
) -> None:
    assert {event.person_id or event.actor_id for event in latest(alice, dana)} == {dana.pk}
    told = record("project.changed", web, by=dana)
    assert latest(alice, dana)[0] == told


def test_a_machine_that_is_handed_over_keeps_its_past_and_hides_its_future_from_who_gave_it(
    alice: User, bob: User, charlie: User, mine: VirtualMachine
) -> None:
    past = record("owner.rebuilt", mine)
    grant(charlie, mine, by=alice, role="admin")
    mine.owner = create_project("Other", by=alice)
    mine.save(update_fields=["owner"])
    future = record("owner.rebuilt", mine)
    assert {past, future} <= seen(charlie)
    assert past in seen(bob)
    assert future not in seen(bob)


def test_the_first_that_somebody_may_see_are_the_first_of_all_that_he_may_see(
    alice: User,
    bob: User,
    dana: User,
    charlie: User,
    web: Project,
    mine: VirtualMachine,
    others: VirtualMachine,
    cluster: Cluster,
) -> None:
    wide = User.objects.create_user("wide")
    grant(wide, cluster, by=alice, role="admin")
    grant(charlie, others, by=alice, role="admin")
    for number in range(12):
        for actor, subject in ((dana, mine), (alice, others), (bob, web), (charlie, mine)):
            record("owner.rebuilt", subject, by=actor, after={"number": number})
    for person in (alice, bob, dana, charlie, wide, AnonymousUser()):
        first = policy.first_permitted(person, "view", Event)
        for order in (("-at", "-pk"), ("at", "pk")):
            everything = list(policy.permitted(person, "view", Event.objects.all()).order_by(*order))
            for most in (1, 5, 1000):
                assert list(first(most, order)) == everything[:most], (person, order, most)
        assert first(7).count() == min(7, len(everything))


def test_who_made_a_template_sees_of_it_only_what_is_his_own(
    alice: User, bob: User, dana: User, web: Project, cluster: Cluster
) -> None:
    template = MachineTemplate.objects.create(name="Small", owner=web, cluster=cluster, made_by=dana)
    assert policy.may(dana, "edit", template)
    own, other = record("template.changed", template, by=dana), record("template.changed", template, by=bob)
    assert latest(dana, template) == [own]
    assert latest(bob, template) == [other, own]
