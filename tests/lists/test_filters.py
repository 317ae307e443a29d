from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.lists.models import SavedFilter
from ganeti_webmgr.lists.reading import filters_of
from ganeti_webmgr.lists.saving import LONGEST, MOST, save_filter
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.projects import create_project, remove_member
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.table import MACHINES
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

PLACES = {"machines": "/vms/", "nodes": "/nodes/", "jobs": "/jobs/", "networks": "/networks/"}


def kept(by: User, name: str = "Mine", query: str = "status=running", **more: Any) -> SavedFilter:
    return save_filter(by=by, table=MACHINES, name=name, query=query, **more)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(
    ("key", "query"), [("machines", "status=running"), ("nodes", "role=M"), ("jobs", "by=me&sort=state")]
)
def test_what_narrows_a_list_is_saved_from_it_and_found_over_it(
    key: str, query: str, by_charlie: Client
) -> None:
    offer = f"/lists/{key}/filters/new/?{query}"
    assert offer.replace("&", "&amp;") in page(by_charlie, f"{PLACES[key]}?{query}&page=1&x=1")
    assert "Save filter" in page(by_charlie, offer)
    answer = by_charlie.post(offer, {"name": "My own"})
    assert answer.headers["Location"] == f"{PLACES[key]}?{query}"
    shown = page(by_charlie, answer.headers["Location"])
    assert ">My own</a>" in shown
    assert 'aria-current="page">My own' in shown
    assert "Save this filter" not in shown


def test_only_what_the_list_understands_is_saved(by_charlie: Client, charlie: User) -> None:
    by_charlie.post(
        "/lists/machines/filters/new/?status=running&cluster=nowhere&page=7&next=//evil&sort=dance&q=a%26b",
        {"name": "My own"},
    )
    assert SavedFilter.objects.get(made_by=charlie).query == "q=a%26b&status=running"


def test_a_list_that_is_not_narrowed_is_no_filter(by_charlie: Client) -> None:
    assert "Save this filter" not in page(by_charlie, "/vms/?page=1")
    answer = by_charlie.post("/lists/machines/filters/new/?status=dancing", {"name": "Odd"})
    assert answer.status_code == 422
    assert "There is nothing to save" in answer.content.decode()
    assert 'value="Odd"' in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_name_is_needed_and_is_taken_once_of_each_list(by_charlie: Client, charlie: User) -> None:
    kept(charlie, "Mine")
    for name, said in (("", "This field is required."), ("mine", "There is a filter of that name already.")):
        answer = by_charlie.post("/lists/machines/filters/new/?status=running", {"name": name})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert by_charlie.post("/lists/jobs/filters/new/?by=me", {"name": "Mine"}).status_code == 302
    assert SavedFilter.objects.count() == 2


def test_to_rename_a_filter_tells_nobody_what_its_maker_keeps_for_himself(
    bob: User, dana: User, web: Project, by_alice: Client
) -> None:
    shared, other = kept(dana, "Ours", owner=web), kept(dana, "Also ours", owner=web)
    kept(dana, "Secret")
    for browser in (signed_in(bob), by_alice):
        renamed = browser.post(shared.get_absolute_url(), {"name": "Secret", "owner": web.slug})
        assert renamed.status_code == 302
        browser.post(shared.get_absolute_url(), {"name": "Ours", "owner": web.slug})
    shown = signed_in(bob).post(other.get_absolute_url(), {"name": "ours", "owner": web.slug})
    assert (shown.status_code, "filter of that name" in shown.content.decode()) == (422, True)


def test_what_one_made_and_sees_no_more_takes_no_name(bob: User, dana: User, web: Project) -> None:
    kept(dana, "Ours", owner=web)
    remove_member(Membership.objects.get(project=web, user=dana), by=bob)
    kept(dana, "Ours")
    assert [saved.owner for saved in filters_of(dana)] == [None]


def test_there_is_an_end_to_how_much_is_kept(charlie: User) -> None:
    with pytest.raises(ValidationError, match="too long"):
        kept(charlie, query="q=" + "x" * LONGEST)
    for number in range(MOST):
        kept(charlie, f"Filter {number}")
    with pytest.raises(ValidationError, match="Delete one of them first"):
        kept(charlie, "One more")


def test_what_is_mine_alone_nobody_else_finds(
    by_alice: Client, alice: User, charlie: User, bob: User, web: Project
) -> None:
    own = kept(charlie, "Charlie's secret")
    assert list(filters_of(charlie)) == [own]
    for other in (alice, bob):
        assert list(filters_of(other)) == []
        assert "Charlie&#x27;s secret" not in page(signed_in(other), "/vms/")
    assert signed_in(bob).get(own.get_absolute_url()).status_code == 404


def test_a_shared_filter_is_found_by_the_people_of_the_project_and_changed_by_its_leads_and_who_made_it(
    bob: User, dana: User, charlie: User, web: Project, alice: User
) -> None:
    shared = kept(dana, "Ours", owner=web)
    assert "Ours <span" in page(signed_in(bob), "/vms/")
    assert list(filters_of(bob)) == list(filters_of(dana)) == [shared]
    assert list(filters_of(charlie)) == []
    assert policy.may(dana, "edit", shared)
    assert policy.may(bob, "edit", shared)
    of_bob = kept(bob, "Bob's", owner=web)
    assert not policy.may(dana, "edit", of_bob)
    by_dana = signed_in(dana)
    assert by_dana.post(of_bob.get_absolute_url(), {"name": "Dana's"}).status_code == 403
    assert by_dana.post(f"{of_bob.get_absolute_url()}delete/").status_code == 403
    listed = page(by_dana, "/lists/filters/")
    assert shared.get_absolute_url() in listed
    assert "Bob&#x27;s" in listed
    assert of_bob.get_absolute_url() not in listed


def test_who_leaves_the_project_finds_it_no_more_not_even_who_made_it(
    bob: User, dana: User, web: Project
) -> None:
    kept(dana, "Dana's", owner=web)
    kept(bob, "Bob's", owner=web)
    remove_member(Membership.objects.get(project=web, user=dana), by=bob)
    assert list(filters_of(dana)) == []
    assert len(filters_of(bob)) == 2


def test_with_its_project_gone_a_filter_is_only_its_maker_s(bob: User, dana: User, web: Project) -> None:
    shared = kept(dana, owner=web)
    web.delete()
    assert list(filters_of(dana)) == [shared]
    assert list(filters_of(bob)) == []


def test_a_filter_is_shared_with_projects_of_one_s_own_alone(dana: User, alice: User, web: Project) -> None:
    mail = create_project("Mail", by=alice)
    client = signed_in(dana)
    answer = client.post("/lists/machines/filters/new/?status=running", {"name": "Ours", "owner": mail.slug})
    assert answer.status_code == 422
    assert "You have no part in such a project." in answer.content.decode()
    with pytest.raises(policy.Denied):
        kept(dana, owner=mail)
    client.post("/lists/machines/filters/new/?status=running", {"name": "Ours", "owner": web.slug})
    assert SavedFilter.objects.get().owner == web


def test_it_is_renamed_unshared_and_deleted(bob: User, dana: User, web: Project) -> None:
    shared = kept(dana, "Ours", owner=web)
    by_bob, by_dana = signed_in(bob), signed_in(dana)
    assert 'value="Ours"' in page(by_bob, shared.get_absolute_url())
    by_bob.post(shared.get_absolute_url(), {"name": "Running", "owner": web.slug})
    shared.refresh_from_db()
    assert (shared.name, shared.owner) == ("Running", web)
    by_bob.post(shared.get_absolute_url(), {"name": "Running", "owner": ""})
    assert list(filters_of(bob)) == []
    assert by_dana.post(shared.get_absolute_url(), {"name": " "}).status_code == 422
    assert by_dana.post(f"{shared.get_absolute_url()}delete/").status_code == 302
    assert not SavedFilter.objects.exists()
    told = Event.objects.filter(action__startswith="filter.").order_by("pk")
    assert [(event.action, event.actor_name) for event in told] == [
        ("filter.saved", "dana"),
        ("filter.changed", "bob"),
        ("filter.changed", "bob"),
        ("filter.removed", "dana"),
    ]


def test_of_a_shared_filter_each_sees_what_he_may_see_anyway(
    bob: User, dana: User, alice: User, web: Project, cluster: Cluster, running: VirtualMachine
) -> None:
    grant(bob, cluster, by=alice, role="viewer")
    query = f"status=running&cluster={cluster.slug}"
    kept(bob, "There", query, owner=web)
    assert running.name in page(signed_in(bob), f"/vms/?{query}")
    seen = page(signed_in(dana), f"/vms/?{query}")
    assert "There is no such cluster, or you may not see it." in seen
    assert running.name not in seen


@pytest.mark.parametrize("path", PLACES.values())
def test_many_filters_cost_one_query(
    path: str,
    dana: User,
    bob: User,
    web: Project,
    cluster: Cluster,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    grant(dana, cluster, by=User.objects.get(username="alice"), role="viewer")
    for number in range(20):
        for maker in (dana, bob):
            save_filter(by=maker, table=MACHINES, name=f"{number}", query="status=running", owner=web)
    SavedFilter.objects.update(table=next(key for key, place in PLACES.items() if place == path))
    client = signed_in(dana)
    with django_assert_max_num_queries(12):
        assert page(client, path).count(f"{path}?status=running") == 40


def test_a_filter_of_a_list_that_is_gone_is_not_shown(charlie: User, by_charlie: Client) -> None:
    kept(charlie, "Old")
    SavedFilter.objects.update(table="gone")
    assert "Old" not in page(by_charlie, "/lists/filters/")


def test_what_a_filter_asks_is_said_in_words(charlie: User, by_charlie: Client) -> None:
    kept(charlie, "Long", "q=web&status=ADMIN_down&tag=mail&sort=-memory")
    assert "“web”, Status: Stopped, Tag: mail, sorted by Memory" in page(by_charlie, "/lists/filters/")
