from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.people.groups import add_to_group, create_group
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.projects import create_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(alice: User, charlie: User) -> Group:
    """A group with Charlie in it."""
    group = create_group("ops", by=alice)
    add_to_group(group, "charlie", by=alice)
    return group


def page(by: Client, path: str) -> str:
    answer = by.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_for_all_but_administrators_none_of_it_exists(
    alice: User, charlie: User, ops: Group, by_charlie: Client
) -> None:
    paths = [
        "/people/",
        "/people/new/",
        f"/people/{charlie.pk}/",
        *(f"/people/{charlie.pk}/-/{verb}/" for verb in ("edit", "password", "deactivate", "activate")),
        "/groups/",
        "/groups/new/",
        f"/groups/{ops.pk}/",
        *(f"/groups/{ops.pk}/-/{verb}/" for verb in ("rename", "remove")),
    ]
    for path in paths:
        assert by_charlie.get(path).status_code == 404, path
        assert by_charlie.post(path, {"name": "x", "is_superuser": "on"}).status_code in {404, 405}, path
    assert by_charlie.post(f"/groups/{ops.pk}/-/members/{charlie.pk}/remove/").status_code == 404
    assert Client().get("/people/").status_code == 302


def test_the_navigation_leads_only_administrators_there(by_alice: Client, by_charlie: Client) -> None:
    assert 'href="/people/"' in page(by_alice, "/jobs/")
    assert 'href="/people/"' not in page(by_charlie, "/jobs/")
    assert "Administration" not in page(by_charlie, "/jobs/")


def test_the_list_is_searched_filtered_and_sorted(alice: User, charlie: User, by_alice: Client) -> None:
    charlie.last_name, charlie.is_active = "Marsh", False
    charlie.save()

    def names(query: str) -> list[str]:
        return re.findall(r'<a class="name"[^>]*>(\w+)</a>', page(by_alice, f"/people/?{query}"))

    assert names("") == ["alice", "charlie"]
    assert names("sort=-name") == ["charlie", "alice"]
    assert names("q=marsh") == ["charlie"]
    assert names("account=off") == ["charlie"]
    assert names("standing=administrator") == ["alice"]
    assert names("q=nobody") == []
    assert "none of the choices" in page(by_alice, "/people/?account=odd")


def test_the_list_asks_as_little_for_many_as_for_few(by_alice: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    User.objects.bulk_create(User(username=f"person{number}") for number in range(60))
    with django_assert_max_num_queries(8):
        assert "1–50 of 61" in page(by_alice, "/people/")


def test_a_person_is_made_on_a_page_that_shows_the_password_once(by_alice: Client) -> None:
    typed = {"username": "dana", "email": "dana@example.org"}
    answer = by_alice.post("/people/new/", typed)
    (password,) = re.findall(r'id="password">([^<]+)<', answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    dana = User.objects.get(username="dana")
    assert dana.check_password(password)
    assert password not in page(by_alice, f"/people/{dana.pk}/")
    by_dana = Client()
    by_dana.login(username="dana", password=password)
    assert by_dana.get("/vms/").headers["Location"] == "/me/password/"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("username", ""), ("username", "a b"), ("username", "ALICE"), ("email", "x"), ("username", "x" * 151)],
)
def test_what_cannot_be_is_told_beside_the_field(by_alice: Client, field: str, typed: str) -> None:
    answer = by_alice.post("/people/new/", {"username": "dana", field: typed})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_an_address_belongs_to_one_account(charlie: User, by_alice: Client) -> None:
    charlie.email = "charlie@example.org"
    charlie.save()
    answer = by_alice.post("/people/new/", {"username": "dana", "email": "CHARLIE@example.org"})
    assert "Another account has this mail address" in answer.content.decode()


def test_everything_about_a_person_stands_on_one_page(
    alice: User, charlie: User, ops: Group, cluster: Cluster, by_alice: Client
) -> None:
    machine = cluster.vms.earliest("sort_name")
    grant(charlie, machine, by=alice, role="console", note="until the audit")
    grant(ops, cluster, by=alice, role="operator")
    web = create_project("Web", by=alice)
    grant(ops, web, by=alice, role="member")
    grant(web.group, cluster, by=alice, role="deployer")
    shown = page(by_alice, f"/people/{charlie.pk}/")
    for words in (
        machine.name,
        "Console only",
        "until the audit",
        "Operator",
        "Deployer",
        "project Web",
        "ops",
    ):
        assert words in shown
    assert "Add to group</span> ops" in shown


def test_a_person_is_changed_and_put_into_groups(charlie: User, ops: Group, by_alice: Client) -> None:
    dev = Group.objects.create(name="dev")
    shown = page(by_alice, f"/people/{charlie.pk}/-/edit/")
    assert re.search(rf'value="{ops.pk}"[^>]* checked', shown)
    typed = {
        "first_name": "Charlie",
        "email": "c@example.org",
        "groups": [dev.pk],
        "may_create_projects": "on",
    }
    assert by_alice.post(f"/people/{charlie.pk}/-/edit/", typed).status_code == 302
    charlie.refresh_from_db()
    assert (charlie.email, charlie.may_create_projects) == ("c@example.org", True)
    assert set(charlie.groups.all()) == {dev}


def test_a_page_asks_before_a_password_is_set_or_an_account_is_switched_off(
    charlie: User, by_alice: Client
) -> None:
    for verb, words in (
        ("password", "Set a password"),
        ("deactivate", "Switch off"),
        ("activate", "Switch on"),
    ):
        assert words in page(by_alice, f"/people/{charlie.pk}/-/{verb}/")
    charlie.refresh_from_db()
    assert charlie.is_active
    assert charlie.check_password("charlies-password")


def test_who_is_switched_off_is_out_at_the_next_click_and_in_again_when_switched_on(
    charlie: User, by_alice: Client, by_charlie: Client
) -> None:
    assert by_charlie.get("/vms/").status_code == 200
    by_alice.post(f"/people/{charlie.pk}/-/deactivate/")
    assert by_charlie.get("/vms/").headers["Location"] == "/sign-in/?next=/vms/"
    assert not Client().login(username="charlie", password="charlies-password")
    by_alice.post(f"/people/{charlie.pk}/-/activate/")
    assert by_charlie.get("/vms/").status_code == 302  # the old session stays ended
    assert Client().login(username="charlie", password="charlies-password")


def test_nobody_switches_off_himself(alice: User, by_alice: Client) -> None:
    assert 'aria-disabled="true" title="You cannot switch off your own account' in page(
        by_alice, f"/people/{alice.pk}/"
    )
    answer = by_alice.post(f"/people/{alice.pk}/-/deactivate/")
    assert answer.status_code == 409
    assert "Another administrator can" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.is_active


def test_the_last_administrator_stays_one(alice: User, by_alice: Client) -> None:
    answer = by_alice.post(f"/people/{alice.pk}/-/edit/", {"first_name": "Alice"})
    assert answer.status_code == 409
    assert "alice is the last administrator" in answer.content.decode()


def test_groups_are_made_filled_renamed_emptied_and_deleted_on_their_pages(
    charlie: User, by_alice: Client
) -> None:
    where = by_alice.post("/groups/new/", {"name": "ops"}).headers["Location"]
    by_alice.post(where, {"person": "charlie"})
    assert "charlie" in page(by_alice, where)
    by_alice.post(f"{where}-/rename/", {"name": "operations"})
    assert "operations" in page(by_alice, "/groups/")
    by_alice.post(f"{where}-/members/{charlie.pk}/remove/")
    assert "Nobody yet" in page(by_alice, where)
    assert "Delete group operations?" in page(by_alice, f"{where}-/remove/")
    by_alice.post(f"{where}-/remove/")
    assert not Group.objects.exists()


def test_it_is_told_beside_the_field_who_cannot_be_added_and_which_name_is_taken(
    charlie: User, ops: Group, by_alice: Client
) -> None:
    for typed, words in (("charlie", "already"), ("char", "Nobody here"), ("", "required")):
        answer = by_alice.post(f"/groups/{ops.pk}/", {"person": typed})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    for path in ("/groups/new/", f"/groups/{Group.objects.create(name='dev').pk}/-/rename/"):
        for name, words in (
            ("OPS", "of that name already"),
            ("project:x", "are for projects"),
            ("", "required"),
        ):
            answer = by_alice.post(path, {"name": name})
            assert answer.status_code == 422
            assert words in answer.content.decode()


def test_what_a_group_gave_is_shown_before_it_is_deleted(
    alice: User, ops: Group, cluster: Cluster, by_alice: Client
) -> None:
    grant(ops, cluster, by=alice, role="operator")
    assert "Operator" in page(by_alice, f"/groups/{ops.pk}/")
    asked = page(by_alice, f"/groups/{ops.pk}/-/remove/")
    assert "1 person has no more what was given to it" in asked
    assert "Operator on sim1" in asked


def test_the_groups_of_projects_are_neither_shown_nor_changed(alice: User, by_alice: Client) -> None:
    group = create_project("Web", by=alice).group
    assert "project:" not in page(by_alice, "/groups/")
    for path in ("", "-/rename/", "-/remove/", f"-/members/{alice.pk}/remove/"):
        assert by_alice.post(f"/groups/{group.pk}/{path}", {"name": "x"}).status_code == 404
    shown = page(by_alice, f"/people/{alice.pk}/-/edit/")
    assert "project:" not in shown


def test_before_somebody_is_removed_from_a_group_it_is_said_what_he_loses(
    alice: User, charlie: User, ops: Group, cluster: Cluster, by_alice: Client
) -> None:
    grant(ops, cluster, by=alice, role="operator")
    where = f"/groups/{ops.pk}/-/members/{charlie.pk}/remove/"
    assert f'href="{where}"' in page(by_alice, f"/groups/{ops.pk}/")
    asked = page(by_alice, where)
    assert "Remove charlie from ops?" in asked
    assert "Operator on sim1" in asked
    assert f'method="post" action="{where}"' in asked
    assert charlie in ops.user_set.all()
    by_alice.post(where)
    assert charlie not in ops.user_set.all()
    assert by_alice.get(where).status_code == 404


def test_the_page_of_a_person_shows_what_is_recorded_of_him_with_the_way_to_all_of_it(
    alice: User, charlie: User, cluster: Cluster, by_alice: Client
) -> None:
    grant(charlie, cluster, by=alice, role="viewer")
    shown = page(by_alice, f"/people/{charlie.pk}/")
    assert f'href="/record/?about=user:{charlie.pk}"' in shown
    assert "Give rights on" in shown
    assert "Add cluster" not in shown
