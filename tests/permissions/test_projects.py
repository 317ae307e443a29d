from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.projects import (
    LEAD,
    MEMBER,
    NotPossible,
    add_member,
    change_project,
    create_project,
    personal_project,
    remove_member,
    set_role,
)

pytestmark = pytest.mark.django_db


def part(project: Project, user: User) -> Membership:
    return Membership.objects.get(project=project, user=user)


def test_everybody_has_one_personal_project_made_when_first_needed(charlie: User) -> None:
    project = personal_project(charlie)
    assert (project, project.slug) == (personal_project(charlie), "charlie")
    assert policy.may(charlie, "lead", project)


def test_a_personal_project_finds_a_free_address(alice: User, charlie: User) -> None:
    create_project("Charlie", by=alice)
    assert personal_project(charlie).slug == "charlie-2"


def test_no_address_is_a_number_alone(alice: User) -> None:
    assert create_project("12", by=alice).slug == "p-12"
    assert personal_project(User.objects.create_user("12")).slug == "p-12-2"
    with pytest.raises(ValidationError, match="have numbers"):
        create_project("Twelve", by=alice, slug="12")


def test_shared_projects_are_made_by_those_who_may(alice: User, charlie: User) -> None:
    with pytest.raises(policy.Denied):
        create_project("Mail", by=charlie)
    charlie.may_create_projects = True
    project = create_project("Mail", by=charlie, description="All about mail")
    assert part(project, charlie).role == LEAD
    for name, words in (("Mail", "of that name already"), ("!!!", "no letter or digit")):
        with pytest.raises(ValidationError, match=words):
            create_project(name, by=alice)


@pytest.mark.parametrize("typed", ["charlie", "CHARLIE@example.org", " charlie "])
def test_people_are_added_by_their_whole_name_or_address(
    typed: str, bob: User, charlie: User, web: Project
) -> None:
    charlie.email = "charlie@example.org"
    charlie.save()
    assert add_member(web, typed, by=bob).user == charlie
    assert charlie in web.group.user_set.all()


@pytest.mark.parametrize("typed", ["", "char", "nobody", "@", "nobody@example.org"])
def test_nobody_is_found_by_less(typed: str, bob: User, charlie: User, web: Project) -> None:
    with pytest.raises(ValidationError):
        add_member(web, typed, by=bob)


def test_only_leads_change_who_is_in_a_project_and_what_members_may(
    dana: User, bob: User, charlie: User, web: Project
) -> None:
    with pytest.raises(policy.Denied):
        add_member(web, "charlie", by=dana)
    with pytest.raises(policy.Denied):
        set_role(part(web, dana), LEAD, by=dana)
    with pytest.raises(policy.Denied):
        remove_member(part(web, bob), by=dana)
    with pytest.raises(policy.Denied):
        change_project(web, by=dana, member_role="maintainer")
    assert set(web.memberships.values_list("user__username", "role")) == {
        ("alice", LEAD),
        ("bob", LEAD),
        ("dana", MEMBER),
    }


def test_the_last_lead_cannot_leave_or_step_down(alice: User, bob: User, dana: User, web: Project) -> None:
    remove_member(part(web, alice), by=bob)
    with pytest.raises(NotPossible, match="bob is the last lead of Web"):
        remove_member(part(web, bob), by=bob)
    with pytest.raises(NotPossible, match="bob is the last lead of Web"):
        set_role(part(web, bob), MEMBER, by=bob)
    set_role(part(web, dana), LEAD, by=bob)
    remove_member(part(web, bob), by=bob)
    assert not policy.may(bob, "view", web)


def test_members_may_leave_by_themselves(dana: User, web: Project) -> None:
    remove_member(part(web, dana), by=dana)
    assert not policy.may(dana, "view", web)
    assert dana not in web.group.user_set.all()


def test_the_record_keeps_who_came_changed_and_went(bob: User, dana: User, web: Project) -> None:
    set_role(part(web, dana), LEAD, by=bob)
    remove_member(part(web, dana), by=bob)
    change_project(web, by=bob, member_role="viewer")
    told = list(Event.objects.filter(project_id=web.pk).order_by("pk").values_list("action", flat=True))
    assert told == [
        "project.created",
        "member.added",
        "member.added",
        "member.changed",
        "member.removed",
        "project.changed",
    ]
