from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.finding import find_project
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.holders import holdings
from ganeti_webmgr.permissions.limiting import set_quota
from ganeti_webmgr.permissions.models import Membership, Project, Quota
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

GIVE = {"kind": "person", "to": "charlie", "role": "operator", "until": "", "note": ""}


@pytest.fixture
def by_bob(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def by_dana(dana: User) -> Client:
    return signed_in(dana)


def access_of(vm: VirtualMachine) -> str:
    return f"{vm.get_absolute_url()}-/access/"


def test_a_lead_gives_and_takes_rights_on_a_machine(
    by_bob: Client, charlie: User, mine: VirtualMachine
) -> None:
    answer = by_bob.post(access_of(mine), {**GIVE, "until": "2099-01-31T12:00", "note": "for the move"})
    assert answer.status_code == 302
    page = by_bob.get(access_of(mine)).content.decode()
    assert "for the move" in page
    assert "31 Jan 2099" in page
    assert policy.may(charlie, "power", mine)
    by_bob.post(access_of(mine), {"revoke": f"user:{charlie.pk}"})
    assert policy.held(charlie, mine) == set()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": ""}, "This field is required"),
        ({"to": "nobody-we-know"}, "Nobody here is called “nobody-we-know”"),
        ({"kind": "group", "to": "nobodies"}, "There is no group “nobodies”"),
        ({"kind": "project", "to": "no-such"}, "There is no project “no-such”"),
        ({"role": "emperor"}, "emperor is not one of the available choices"),
        ({"role": ""}, "Choose a role, or at least one permission"),
        ({"permissions": ["levitate"], "role": ""}, "levitate is not one of the available choices"),
        ({"until": "2001-01-01T00:00"}, "This end has passed"),
        ({"until": "soon"}, "Enter a valid date/time"),
    ],
)
def test_what_does_not_fit_is_told_keeps_what_was_typed_and_changes_nothing(
    change: dict[str, str], words: str, by_bob: Client, charlie: User, mine: VirtualMachine
) -> None:
    answer = by_bob.post(access_of(mine), {**GIVE, "note": "typed before", **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.replace("&#x27;", "'")
    assert "typed before" in page
    assert holdings(mine) == []


def test_a_name_that_several_projects_have_is_asked_for_more_exactly(
    by_bob: Client, alice: User, mine: VirtualMachine
) -> None:
    one, other = (create_project("Twins", by=alice, slug=slug) for slug in ("twins", "twins-2"))
    answer = by_bob.post(access_of(mine), {**GIVE, "kind": "project", "to": "Twins"})
    assert "2 projects are called “Twins”" in answer.content.decode()
    assert holdings(mine) == []
    by_bob.post(access_of(mine), {**GIVE, "kind": "project", "to": other.slug})
    assert [holding.holder for holding in holdings(mine)] == [other.group]
    assert find_project(one.slug) == one


@pytest.mark.parametrize(
    "forged", ["user:0", "user:999999999999999999999", "project:1", "", "user:-1", "user:x"]
)
def test_a_forged_holder_is_not_found(forged: str, by_bob: Client, mine: VirtualMachine) -> None:
    assert by_bob.post(access_of(mine), {"revoke": forged}).status_code == 404


def test_the_form_begins_with_the_least_role(by_bob: Client, mine: VirtualMachine) -> None:
    page = by_bob.get(access_of(mine)).content.decode()
    assert re.search(r'<option value="viewer" selected>', page)


def test_who_only_sees_a_machine_reads_why_he_may_not_give_rights(
    by_dana: Client, by_charlie: Client, mine: VirtualMachine
) -> None:
    answer = by_dana.get(access_of(mine))
    assert answer.status_code == 403
    assert "The leads of Web" in answer.content.decode()
    assert by_charlie.get(access_of(mine)).status_code == 404


def test_the_page_shows_every_way_on_which_somebody_has_rights(
    alice: User, by_bob: Client, charlie: User, mine: VirtualMachine, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    page = by_bob.get(access_of(mine)).content.decode()
    for words in ("Through Web", "Operator, as member", "Admin, as lead", f"Through {cluster}", "charlie"):
        assert words in page


def test_it_is_explained_why_somebody_may_or_may_not(
    by_bob: Client, charlie: User, mine: VirtualMachine
) -> None:
    page = by_bob.get(f"{access_of(mine)}?who=dana&permission=power").content.decode()
    assert "has a part in Web, which owns it" in page
    page = by_bob.get(f"{access_of(mine)}?who=charlie&permission=power").content.decode()
    assert "charlie may not start, stop and restart" in page
    page = by_bob.get(f"{access_of(mine)}?who=nobody&permission=power").content.decode()
    assert "Nobody here is called" in page


def test_a_button_that_is_off_says_why(
    by_dana: Client, alice: User, dana: User, web: Project, mine: VirtualMachine
) -> None:
    Project.objects.filter(pk=web.pk).update(member_role="viewer")
    page = by_dana.get(mine.get_absolute_url()).content.decode()
    assert "You may not start, stop and restart" in page
    assert by_dana.post(f"{mine.get_absolute_url()}-/start/").status_code == 403


def test_a_lead_runs_the_desk_of_his_project(by_bob: Client, charlie: User, web: Project) -> None:
    url = web.get_absolute_url()
    assert by_bob.post(f"{url}-/members/", {"person": "charlie", "role": "member"}).status_code == 302
    part = Membership.objects.get(project=web, user=charlie)
    by_bob.post(f"{url}-/members/{part.pk}/", {"role": "lead"})
    assert Membership.objects.get(pk=part.pk).role == "lead"
    by_bob.post(f"{url}-/members/{part.pk}/remove/")
    assert not Membership.objects.filter(pk=part.pk).exists()
    by_bob.post(f"{url}-/edit/", {"name": "Web", "description": "All of it", "member_role": "maintainer"})
    web.refresh_from_db()
    assert (web.description, web.member_role) == ("All of it", "maintainer")
    answer = by_bob.post(f"{url}-/members/", {"person": "who", "role": "member"})
    assert (answer.status_code, "Nobody here is called “who”" in answer.content.decode()) == (422, True)


def test_the_last_lead_is_told_that_he_is_the_last(
    by_bob: Client, alice: User, bob: User, web: Project
) -> None:
    Membership.objects.get(project=web, user=alice).delete()
    part = Membership.objects.get(project=web, user=bob)
    answer = by_bob.post(f"{web.get_absolute_url()}-/members/{part.pk}/remove/")
    assert answer.status_code == 409
    assert "bob is the last lead of Web" in answer.content.decode()


def test_a_member_of_another_project_cannot_be_reached_through_this_one(
    by_bob: Client, alice: User, web: Project
) -> None:
    other = create_project("Other", by=alice)
    part = Membership.objects.get(project=other)
    assert by_bob.post(f"{web.get_absolute_url()}-/members/{part.pk}/remove/").status_code == 404


def test_projects_of_others_are_not_there(by_dana: Client, by_charlie: Client, web: Project) -> None:
    assert "/projects/web/" in by_dana.get("/projects/").content.decode()
    assert "/projects/web/" not in by_charlie.get("/projects/").content.decode()
    assert by_charlie.get(web.get_absolute_url()).status_code == 404
    assert by_charlie.get("/projects/new/").status_code == 403


def test_quotas_are_set_and_shown(by_alice: Client, web: Project, mine: VirtualMachine) -> None:
    url = f"{mine.cluster.get_absolute_url()}-/quotas/"
    by_alice.post(
        url, {"form": "quota", "project": "web", "machines": "0", "vcpus": "", "memory_mib": "2048"}
    )
    quota = Quota.objects.get(project=web)
    assert (quota.machines, quota.vcpus, quota.memory_mib) == (0, None, 2048)
    page = by_alice.get(url).content.decode()
    assert "1 of 0" in page
    answer = by_alice.post(url, {"form": "quota", "project": "web", "machines": "-3"})
    assert (answer.status_code, Quota.objects.get(project=web).machines) == (422, 0)
    by_alice.post(f"{url}web/", {"clear": "1"})
    assert not Quota.objects.exists()


def test_a_machine_changes_hands_between_two_projects_of_one_lead(
    by_bob: Client, alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    bob.may_create_projects = True
    bob.save()
    mail = create_project("Mail", by=bob)
    answer = by_bob.post(f"{mine.get_absolute_url()}-/owner/", {"project": "mail"})
    assert answer.status_code == 302
    mine.refresh_from_db()
    assert mine.owner == mail
    job = mine.jobs.get(command="say-owner")
    assert job.params == {"tag": "gwm:owner:mail", "stale": []}


def test_nobody_gives_a_machine_to_a_project_that_is_not_his_or_is_full(
    by_bob: Client, alice: User, bob: User, web: Project, mine: VirtualMachine
) -> None:
    create_project("Theirs", by=alice)
    answer = by_bob.post(f"{mine.get_absolute_url()}-/owner/", {"project": "theirs"})
    assert (answer.status_code, "that you may give it to" in answer.content.decode()) == (422, True)
    bob.may_create_projects = True
    bob.save()
    full = create_project("Full", by=bob)
    set_quota(full, mine.cluster, by=alice, machines=0)
    assert by_bob.post(f"{mine.get_absolute_url()}-/owner/", {"project": "full"}).status_code == 409
    mine.refresh_from_db()
    assert mine.owner == web


def test_lists_of_projects_cost_the_same_for_few_and_for_many(
    by_alice: Client, alice: User, web: Project, django_assert_max_num_queries: object
) -> None:
    for number in range(40):
        create_project(f"Project {number}", by=alice)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        by_alice.get("/projects/")


def test_the_access_page_costs_the_same_for_few_and_for_many(
    by_bob: Client, bob: User, mine: VirtualMachine, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        grant(User.objects.create_user(f"user{number}"), mine, by=bob, role="viewer")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        by_bob.get(access_of(mine))


def test_home_is_the_list_of_ones_own_machines(
    by_dana: Client, mine: VirtualMachine, others: VirtualMachine
) -> None:
    page = by_dana.get("/", follow=True).content.decode()
    assert "<h1>My machines</h1>" in page
    assert mine.name in page
    assert others.name not in page


def test_the_list_of_a_person_with_many_grants_costs_what_it_costs_a_superuser(
    by_charlie: Client,
    bob: User,
    charlie: User,
    alice: User,
    cluster: Cluster,
    django_assert_max_num_queries: object,
) -> None:
    for vm in cluster.vms.all():
        grant(charlie, vm, by=alice, role="operator")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = by_charlie.get("/vms/").content.decode()
    assert page.count('class="name"') == cluster.vms.count()


def test_the_leads_of_a_project_see_what_was_given_to_it(
    by_bob: Client, alice: User, web: Project, cluster: Cluster
) -> None:
    grant(web.group, cluster, by=alice, role="deployer", note="for the new shop")
    page = by_bob.get(f"{web.get_absolute_url()}-/access/").content.decode()
    assert "Given to the project" in page
    assert "Deployer on sim1" in page
    assert "by alice: for the new shop" in page
    assert 'href="/clusters/sim1/"' not in page  # who only deploys there does not see it


def test_who_leads_no_project_finds_what_ends_soon_where_he_gives_rights(
    alice: User, charlie: User, dana: User, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    browser = signed_in(charlie)
    for until, is_soon in (
        (timezone.now() + timedelta(days=20), False),
        (timezone.now() + timedelta(days=9), True),
    ):
        grant(dana, cluster, by=charlie, role="viewer", until=until)
        page = browser.get(f"{cluster.get_absolute_url()}-/access/").content.decode()
        assert ("Ends soon" in page) == is_soon
