from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from ganeti_webmgr.accounts.models import User, UserSession
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.live import topics
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.live.topics import parse
from ganeti_webmgr.people import groups, services
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.projects import create_project
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(alice: User) -> Group:
    return groups.create_group("ops", by=alice)


def told(action: str) -> Event:
    return Event.objects.get(action=action)


def heard(user: User) -> bool:
    """Whether the open pages of that person were told to look again."""
    return Notice.objects.filter(topic=f"user:{user.pk}").exists()


def test_nobody_else_changes_people_or_groups(charlie: User, ops: Group) -> None:
    attempts: list[Any] = [
        lambda: services.create_person("dana", by=charlie),
        lambda: services.change_person(charlie, by=charlie, is_superuser=True),
        lambda: services.set_password(charlie, by=charlie),
        lambda: services.deactivate(charlie, by=charlie),
        lambda: services.activate(charlie, by=charlie),
        lambda: groups.create_group("dev", by=charlie),
        lambda: groups.rename_group(ops, "dev", by=charlie),
        lambda: groups.remove_group(ops, by=charlie),
        lambda: groups.add_to_group(ops, "charlie", by=charlie),
        lambda: groups.remove_from_group(ops, charlie, by=charlie),
    ]
    for attempt in attempts:
        with pytest.raises(policy.Denied):
            attempt()


def test_a_new_person_has_a_password_for_one_time_that_stands_nowhere(alice: User, ops: Group) -> None:
    dana, password = services.create_person("dana", by=alice, groups=[ops], email="dana@example.org")
    assert dana.password_is_temporary
    assert dana.check_password(password)
    assert told("person.created").after == {"username": "dana", "email": "dana@example.org"}
    assert told("group.member-added").person_id == dana.pk
    assert password not in str(list(Event.objects.values()))


def test_a_change_is_recorded_with_what_was_before(alice: User, charlie: User) -> None:
    services.change_person(charlie, by=alice, email="c@example.org", is_superuser=True)
    event = told("person.changed")
    assert event.before == {"email": "", "is_superuser": False}
    assert event.after == {"email": "c@example.org", "is_superuser": True}
    assert (event.actor_id, event.person_id, event.target_id) == (alice.pk, charlie.pk, charlie.pk)
    assert heard(charlie)
    services.change_person(charlie, by=alice, email="c@example.org", is_superuser=True)
    assert Event.objects.filter(action="person.changed").count() == 1


def test_of_two_administrators_one_may_step_down(alice: User, charlie: User) -> None:
    services.change_person(charlie, by=alice, is_superuser=True)
    services.change_person(alice, by=alice, is_superuser=False)
    charlie.refresh_from_db()
    with pytest.raises(services.NotPossible):
        services.change_person(charlie, by=charlie, is_superuser=False)


def test_an_administrator_who_is_switched_off_does_not_count(alice: User, charlie: User) -> None:
    services.change_person(charlie, by=alice, is_superuser=True)
    services.deactivate(charlie, by=alice)
    with pytest.raises(services.NotPossible):
        services.change_person(alice, by=alice, is_superuser=False)


def test_a_set_password_ends_the_present_one_and_all_sessions(alice: User, charlie: User) -> None:
    browser = signed_in(charlie)
    password = services.set_password(charlie, by=alice)
    charlie.refresh_from_db()
    assert charlie.password_is_temporary
    assert (charlie.check_password(password), charlie.check_password("charlies-password")) == (True, False)
    assert browser.get("/vms/").status_code == 302
    assert told("person.password-set").after is None
    assert heard(charlie)


def test_switching_off_ends_every_session_and_stream_and_keeps_what_was_given(
    alice: User, charlie: User, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="viewer")
    browsers = [signed_in(charlie) for _ in range(2)]
    services.deactivate(charlie, by=alice)
    assert not UserSession.objects.filter(user=charlie).exists()
    assert [browser.get("/vms/").status_code for browser in browsers] == [302, 302]
    assert told("person.deactivated").before == {"is_active": True}
    charlie.refresh_from_db()
    assert not policy.may(charlie, "view", cluster)
    services.activate(charlie, by=alice)
    charlie.refresh_from_db()
    assert policy.may(charlie, "view", cluster)
    services.activate(charlie, by=alice)
    assert Event.objects.filter(action="person.activated").count() == 1


def test_switching_off_has_the_open_pages_look_again(alice: User, charlie: User) -> None:
    services.deactivate(charlie, by=alice)
    assert heard(charlie)


def test_leaving_a_group_has_them_look_again_too(alice: User, charlie: User, ops: Group) -> None:
    ops.user_set.add(charlie)
    groups.remove_from_group(ops, charlie, by=alice)
    assert heard(charlie)


def test_who_leaves_a_group_loses_what_it_gave(
    alice: User, charlie: User, ops: Group, cluster: Cluster
) -> None:
    grant(ops, cluster, by=alice, role="viewer")
    groups.add_to_group(ops, "charlie", by=alice)
    assert policy.may(charlie, "view", cluster)
    assert heard(charlie)
    groups.remove_from_group(ops, charlie, by=alice)
    assert not policy.may(charlie, "view", cluster)
    assert told("group.member-removed").before == {"person": "charlie"}


def test_a_deleted_group_leaves_in_the_record_who_was_in_it_and_what_it_gave(
    alice: User, charlie: User, ops: Group, cluster: Cluster
) -> None:
    grant(ops, cluster, by=alice, role="viewer")
    groups.add_to_group(ops, "charlie", by=alice)
    groups.remove_group(ops, by=alice)
    assert not policy.may(charlie, "view", cluster)
    before = told("group.removed").before
    assert before
    assert before["members"] == ["charlie"]
    assert [(line["on"], line["role"]) for line in before["grants"]] == [("sim1", "viewer")]


def test_a_group_is_renamed_to_what_is_free(alice: User, ops: Group) -> None:
    groups.rename_group(ops, "Operations", by=alice)
    assert (told("group.renamed").before, told("group.renamed").after) == (
        {"name": "ops"},
        {"name": "Operations"},
    )
    groups.rename_group(ops, "operations", by=alice)  # its own name in other letters
    for name in ("", "project:web"):
        with pytest.raises(ValidationError):
            groups.rename_group(ops, name, by=alice)


def test_setting_groups_leaves_a_person_in_the_projects(alice: User, ops: Group) -> None:
    web = create_project("Web", by=alice)
    groups.set_groups(alice, [ops], by=alice)
    groups.set_groups(alice, [], by=alice)
    assert set(alice.groups.all()) == {web.group}


def test_a_person_s_page_hears_of_him_for_himself_and_for_administrators(alice: User, charlie: User) -> None:
    both = [parse(f"user:{user.pk}") for user in (alice, charlie)]
    assert topics.visible_to(alice, both) == set(both)
    assert topics.visible_to(charlie, both) == {both[1]}
