from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.explain import explain
from ganeti_webmgr.permissions.granting import grant, revoke
from ganeti_webmgr.permissions.holders import ending_soon, given_to, holding, holdings
from ganeti_webmgr.permissions.models import MachineUserGrant, Project
from ganeti_webmgr.permissions.tasks import sweep
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


def test_what_is_given_again_replaces_what_was(bob: User, charlie: User, mine: VirtualMachine) -> None:
    grant(charlie, mine, by=bob, role="maintainer", note="while Dana is away")
    grant(charlie, mine, by=bob, role="console")
    assert policy.held(charlie, mine) == {"view", "watch", "console"}
    [held] = holdings(mine)
    assert (held.holder, held.label, held.granted_by, held.note) == (charlie, "Console only", bob, "")


def test_single_permissions_can_be_given(bob: User, charlie: User, mine: VirtualMachine) -> None:
    grant(charlie, mine, by=bob, permissions={"power"})
    assert policy.held(charlie, mine) == {"view", "power"}


def test_who_does_not_administer_gives_and_takes_nothing(
    bob: User, dana: User, charlie: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=bob, role="console")
    with pytest.raises(policy.Denied):
        grant(charlie, mine, by=dana, role="admin")
    with pytest.raises(policy.Denied):
        revoke(charlie, mine, by=dana)
    assert policy.held(charlie, mine) == {"view", "watch", "console"}


@pytest.mark.parametrize(
    ("terms", "field", "words"),
    [
        ({"role": "emperor"}, "role", "There is no role"),
        ({"permissions": {"levitate"}}, "permissions", "There is no permission"),
        ({}, "role", "Choose a role"),
        ({"role": "viewer", "until": timezone.now() - TOMORROW}, "until", "has passed"),
    ],
)
def test_terms_that_do_not_fit_are_told_at_their_field_and_change_nothing(
    terms: dict[str, object], field: str, words: str, bob: User, charlie: User, mine: VirtualMachine
) -> None:
    with pytest.raises(ValidationError) as told:
        grant(charlie, mine, by=bob, **terms)  # type: ignore[arg-type]
    assert words in told.value.message_dict[field][0]
    assert holdings(mine) == []


def test_nothing_is_given_to_an_account_that_is_switched_off(
    bob: User, charlie: User, mine: VirtualMachine
) -> None:
    charlie.is_active = False
    with pytest.raises(ValidationError, match="switched off"):
        grant(charlie, mine, by=bob, role="viewer")


def test_nobody_gives_for_longer_than_he_has(
    alice: User, charlie: User, dana: User, mine: VirtualMachine
) -> None:
    end = timezone.now() + TOMORROW
    grant(charlie, mine, by=alice, role="admin", until=end)
    for until in (None, end + TOMORROW):
        with pytest.raises(ValidationError, match="Your own right ends"):
            grant(dana, mine, by=charlie, role="viewer", until=until)
    grant(dana, mine, by=charlie, role="viewer", until=end)
    held = holding(dana, mine)
    assert held
    assert held.expires_at == end


@pytest.mark.django_db(transaction=True)
def test_pages_of_those_concerned_look_again(
    bob: User, charlie: User, dana: User, mine: VirtualMachine
) -> None:
    team = Group.objects.create(name="team")
    team.user_set.add(charlie, dana)
    Notice.objects.all().delete()
    grant(team, mine, by=bob, role="viewer")
    told = set(Notice.objects.values_list("topic", flat=True))
    assert {f"user:{charlie.pk}", f"user:{dana.pk}", f"vm:{mine.pk}"} <= told


def test_the_record_says_who_gave_what_and_what_was_before(
    bob: User, charlie: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=bob, role="console")
    grant(charlie, mine, by=bob, role="operator")
    revoke(charlie, mine, by=bob)
    events = Event.objects.filter(action__startswith="grant.").order_by("pk")
    assert [(event.action, event.actor_name, event.target_name) for event in events] == [
        ("grant.given", "bob", mine.name),
        ("grant.given", "bob", mine.name),
        ("grant.revoked", "bob", mine.name),
    ]
    assert [(event.before or {}).get("role") for event in events] == [None, "console", "operator"]


@pytest.mark.django_db(transaction=True)
def test_ended_grants_are_swept_and_the_record_keeps_them(
    bob: User, charlie: User, dana: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=bob, role="operator", until=timezone.now() + TOMORROW)
    grant(dana, mine, by=bob, role="operator")
    MachineUserGrant._default_manager.filter(user=charlie).update(expires_at=timezone.now())
    Notice.objects.all().delete()
    sweep()
    assert [held.holder for held in holdings(mine)] == [dana]
    assert Event.objects.get(action="grant.ended").person_id == charlie.pk
    assert Notice.objects.filter(topic=f"user:{charlie.pk}").exists()


def test_what_ends_soon_is_listed_for_who_gave_it(
    alice: User, bob: User, charlie: User, dana: User, mine: VirtualMachine
) -> None:
    grant(charlie, mine, by=bob, role="operator", until=timezone.now() + TOMORROW)
    grant(dana, mine, by=bob, role="operator", until=timezone.now() + 30 * TOMORROW)
    assert [held.holder for held in ending_soon(bob)] == [charlie]
    assert ending_soon(alice) == []


def test_all_that_somebody_was_given_is_on_one_list(
    alice: User, charlie: User, cluster: Cluster, mine: VirtualMachine
) -> None:
    grant(charlie, cluster, by=alice, role="viewer")
    grant(charlie, mine, by=alice, role="operator")
    assert {(held.on, held.label) for held in given_to(charlie)} == {(cluster, "Viewer"), (mine, "Operator")}


def test_a_right_is_explained_by_every_link_that_gives_it(
    alice: User, bob: User, dana: User, charlie: User, web: Project, mine: VirtualMachine, cluster: Cluster
) -> None:
    grant(dana, mine, by=bob, role="maintainer", note="for the move")
    told = explain(dana, "power", mine)
    assert told.allowed
    assert [link.words for link in told.links] == [
        f"Maintainer on {mine}, given by bob",
        "has a part in Web, which owns it and makes its members operator",
    ]
    assert told.links[0].note == "for the move"
    assert [link.words for link in explain(bob, "remove", mine).links] == ["leads Web, which owns it"]
    assert explain(alice, "remove", mine).links[0].words.startswith("is a superuser")
    refused = explain(charlie, "power", mine)
    assert (refused.allowed, refused.links) == (False, ())
    assert refused.missing.startswith(f"charlie may not start, stop and restart {mine}. The leads of Web")
