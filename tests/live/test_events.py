"""A real web process, and what browsers get from /events/."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import UserSession as Session
from ganeti_webmgr.live import publish, watched
from ganeti_webmgr.live.models import Notice
from tests.live.scene import Site, eventually, person, sign_in

if TYPE_CHECKING:
    from tests.live.scene import Listening

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice_key() -> str:
    """The session of Alice, who may see the things 1 to 3."""
    return str(sign_in(person("alice", 1, 2, 3)).session_key)


def test_a_page_hears_of_a_change_when_it_is_committed(site: Site, alice_key: str) -> None:
    page = site.listen("thing:1,thing:2", session=alice_key)
    with transaction.atomic():
        publish("thing:1")
        assert page.hears_nothing(for_s=1)
    assert page.hears() == {"thing:1"}


def test_a_page_never_hears_of_what_was_rolled_back(site: Site, alice_key: str) -> None:
    page = site.listen("thing:1,thing:2", session=alice_key)
    with transaction.atomic():
        publish("thing:1")
        transaction.set_rollback(True)
    publish("thing:2")
    assert page.hears() == {"thing:2"}


def test_changes_in_quick_succession_come_together(site: Site, alice_key: str) -> None:
    page = site.listen("thing:1,thing:2,thing:3", session=alice_key)
    publish("thing:1")
    assert page.hears() == {"thing:1"}
    for thing in (2, 3, 2, 3, 3):
        publish(f"thing:{thing}")
    assert page.hears() == {"thing:2", "thing:3"}


def test_a_page_hears_only_what_it_asked_for_and_may_see(site: Site, alice_key: str) -> None:
    page = site.listen("thing:1,thing:9,secret:1", session=alice_key)
    publish("thing:2", "thing:9", "secret:1")
    publish("thing:1")
    assert page.hears() == {"thing:1"}


def test_everything_of_a_kind_is_heard_by_superusers_only(site: Site, alice_key: str) -> None:
    root = site.listen("thing:*", session=str(sign_in(person("root", superuser=True)).session_key))
    alice = site.listen("thing:*,thing:1", session=alice_key)
    publish("thing:7")
    publish("thing:1")
    assert root.hears() == {"thing:*"}
    assert alice.hears() == {"thing:1"}


def test_what_changed_while_the_page_was_on_its_way_is_heard_at_once(site: Site, alice_key: str) -> None:
    publish("thing:1")
    Notice.objects.update(created_at=timezone.now() - timedelta(seconds=30))
    publish("thing:2")
    assert site.listen("thing:1,thing:2", session=alice_key).hears() == {"thing:2"}
    slow = site.listen("thing:1,thing:2&age=31", session=alice_key)
    assert slow.hears() == {"thing:1", "thing:2"}


def test_a_browser_that_comes_back_hears_what_it_missed(site: Site, alice_key: str) -> None:
    page = site.listen("thing:1,thing:2", session=alice_key)
    publish("thing:1")
    page.hears()
    page.close()
    publish("thing:2")
    Notice.objects.update(created_at=timezone.now() - timedelta(seconds=30))
    back = site.listen("thing:1,thing:2", session=alice_key, **{"Last-Event-ID": page.last_id})
    assert back.hears() == {"thing:2"}


def test_a_browser_that_was_away_too_long_is_told_to_ask_for_everything(site: Site, alice_key: str) -> None:
    back = site.listen("thing:1", session=alice_key, **{"Last-Event-ID": "1"})
    assert back.hears() == {"*"}


def test_streams_end_with_their_session_within_five_seconds(site: Site) -> None:
    def listening(name: str) -> Listening:
        return site.listen("thing:1", session=str(sign_in(person(name, 1)).session_key))

    pages = {name: listening(name) for name in ("out", "idle", "expelled", "careful", "stays")}
    users = {name: type(person(f"{name} 2")).objects.get(username=name) for name in pages}
    keys = {session.get_decoded()["_auth_user_id"]: session.pk for session in Session.objects.all()}

    Session.objects.filter(pk=keys[str(users["out"].pk)]).delete()
    Session.objects.filter(pk=keys[str(users["idle"].pk)]).update(expire_date=timezone.now())
    users["expelled"].is_active = False
    users["expelled"].save()
    users["careful"].set_password("another password")
    users["careful"].save()

    assert sum(pages[name].ends_after() for name in ("out", "idle", "expelled", "careful")) < 5
    publish("thing:1")
    assert pages["stays"].hears() == {"thing:1"}


def test_a_right_that_is_taken_away_is_gone_at_once_when_it_is_said(site: Site) -> None:
    bob = person("bob", 1, 2)
    key = str(sign_in(bob).session_key)
    page, other = site.listen("thing:1,thing:2", session=key), site.listen("thing:1", session=key)
    with transaction.atomic():
        bob.groups.remove(Group.objects.get(name="thing 1"))
        publish(f"user:{bob.pk}")
    assert other.ends_after() < 2
    publish("thing:1")
    publish("thing:2")
    assert page.hears() == {"thing:2"}


def test_a_session_has_twenty_streams_and_the_oldest_makes_room(site: Site, alice_key: str) -> None:
    pages = [site.listen("thing:1", session=alice_key) for _ in range(21)]
    assert pages[0].ends_after() < 1
    assert pages[0].retry_ms == 60_000
    publish("thing:1")
    assert all(page.hears() == {"thing:1"} for page in pages[1:])
    for page in pages:
        page.close()


def test_a_cluster_on_an_open_page_is_watched(site: Site, alice_key: str) -> None:
    page = site.listen("cluster:12,thing:1", session=alice_key)
    assert eventually(lambda: watched("cluster:12"))
    assert not watched("cluster:13")
    page.close()


def test_nobody_gets_no_stream_and_is_not_to_come_back(site: Site, alice_key: str) -> None:
    stranger = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"}
    nothing_to_see = {"Cookie": f"sessionid={alice_key}"}
    assert site.ask("/events/?topics=thing:1").status == 204
    assert site.ask("/events/?topics=thing:1", **stranger).status == 204
    assert site.ask("/events/?topics=thing:9", **nothing_to_see).status == 204


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?topics=",
        "?topics=thing",
        "?topics=thing:1,",
        "?topics=thing:1,%27--",
        "?topics=thing:99999999999999999999",
        "?topics=" + ",".join(f"thing:{pk}" for pk in range(401)),
        "?topics=thing:1&age=-1",
        "?topics=thing:1&age=nan",
        "?topics=thing:1&age=soon",
        "?" + "&".join(f"topics=thing:{pk}" for pk in range(9)),
    ],
)
def test_odd_questions_are_refused(site: Site, alice_key: str, query: str) -> None:
    assert site.ask(f"/events/{query}", Cookie=f"sessionid={alice_key}").status == 400


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "DELETE"])
def test_a_stream_is_asked_for_with_get(site: Site, method: str) -> None:
    answer = site.ask("/events/?topics=thing:1", method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
