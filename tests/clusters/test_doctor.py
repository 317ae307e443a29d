"""A cluster is added with a doctor: each step is tried by itself and told apart with what to do."""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import checkups, tasks
from ganeti_webmgr.clusters.doctor import door, examination
from ganeti_webmgr.clusters.models import Checkup, Cluster, FormerSlug
from ganeti_webmgr.clusters.secrets import unseal
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def typed(ganeti: SimulatedCluster, **changes: Any) -> dict[str, Any]:
    """What somebody types into the page."""
    return {
        "address": ganeti.address,
        "port": str(ganeti.port),
        "slug": "lab",
        "name": "Lab",
        "username": ganeti.user,
        "password": ganeti.password,
        "tls": "pinned",
        "fingerprint": ganeti.fingerprint,
        **changes,
    }


def tried(browser: Client, ganeti: SimulatedCluster, **changes: Any) -> Checkup:
    """The checkup that a worker has done after that was typed."""
    answer = browser.post(reverse("clusters:add"), typed(ganeti, **changes))
    assert answer.status_code == 302, answer.content.decode()
    checkup = Checkup.objects.get(token=answer["Location"].rstrip("/").rpartition("/")[2])
    tasks.examine_one(checkup.pk)
    checkup.refresh_from_db()
    return checkup


def told(checkup: Checkup, tone: str) -> list[str]:
    return [step["title"] for step in checkup.steps if step["tone"] == tone]


def page_of(browser: Client, checkup: Checkup) -> str:
    return browser.get(reverse("clusters:check", args=[checkup.token])).content.decode()


@pytest.fixture
def open_ganeti() -> Iterator[SimulatedCluster]:
    """One that anybody may read, and whose machines have screens that answer."""
    shape = Shape(name="sim2", nodes=2, machines=4, require_authentication=False, rfb=True)
    with Simulator([shape]) as simulator:
        yield simulator.clusters[0]


def test_a_cluster_is_tried_and_added(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti)
    good = told(checkup, "good")
    assert good[:2] == ["Name resolves", f"Port {ganeti.port} answers"]
    assert good[2:] == [
        "The certificate is the pinned one",
        "Nobody reads without a password",
        "Clocks agree",
        ganeti.name,
        "Ganeti 3.0.2",
        "Signed in as gwm, may read and write",
        "Answers 4 questions at once",
    ]
    assert (checkup.found["nodes"], checkup.found["machines"]) == (2, 12)
    assert "Add cluster Lab" in page_of(by_alice, checkup)
    answer = by_alice.post(reverse("clusters:check", args=[checkup.token]), {"take": "1"})
    assert answer["Location"] == "/clusters/lab/"
    cluster = Cluster.objects.get()
    assert (cluster.name, cluster.url, cluster.read_only) == ("Lab", ganeti.url, False)
    assert unseal(cluster.password) == ganeti.password
    assert not Checkup.objects.exists()
    assert Event.objects.get(action="cluster.added").actor_name == "alice"


def test_a_short_name_is_made_of_the_name_where_none_is_typed(
    by_alice: Client, ganeti: SimulatedCluster
) -> None:
    assert tried(by_alice, ganeti, slug="", name="Rack 7.ulm").slug == "rack-7-ulm"
    answer = by_alice.post(reverse("clusters:add"), typed(ganeti, slug="", name="!!!"))
    assert "has no letter or digit" in answer.content.decode()
    assert Checkup.objects.count() == 1


def test_nothing_is_asked_of_the_cluster_by_the_page_itself(
    by_alice: Client, ganeti: SimulatedCluster
) -> None:
    by_alice.post(reverse("clusters:add"), typed(ganeti))
    page = page_of(by_alice, Checkup.objects.get())
    assert "Checking" in page
    assert not ganeti.requests
    assert ganeti.password not in page
    assert f'data-live="checkup:{Checkup.objects.get().pk}"' in page


@pytest.mark.django_db(transaction=True)
def test_each_step_is_shown_as_soon_as_it_is_known(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti)
    assert Notice.objects.filter(topic=f"checkup:{checkup.pk}").count() >= len(checkup.steps)


def test_a_name_that_nobody_knows(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti, address="nowhere.invalid")
    assert told(checkup, "bad") == ["The name nowhere.invalid is not known here"]
    assert not checkup.is_passed


def test_a_wrong_port(by_alice: Client, ganeti: SimulatedCluster) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        checkup = tried(by_alice, ganeti, port=str(closed.getsockname()[1]))
    (trouble,) = [step for step in checkup.steps if step["tone"] == "bad"]
    assert trouble["title"].endswith("connection refused")
    assert "systemctl status ganeti-rapi" in trouble["command"]
    assert told(checkup, "good") == ["Name resolves"]


def test_an_unknown_certificate_is_offered_to_be_trusted_and_gets_no_password(
    by_alice: Client, ganeti: SimulatedCluster
) -> None:
    checkup = tried(by_alice, ganeti, tls="system", fingerprint="")
    assert told(checkup, "bad") == ["The certificate is not signed by an authority that is trusted"]
    assert checkup.steps[-1]["fingerprint"] == ganeti.fingerprint
    assert not ganeti.requests
    page = page_of(by_alice, checkup)
    assert f'name="trust" value="{ganeti.fingerprint}"' in page
    # The password need not be typed again.
    again = typed(ganeti, tls="system", fingerprint="", password="", trust=ganeti.fingerprint)
    answer = by_alice.post(reverse("clusters:check", args=[checkup.token]), again)
    pinned = Checkup.objects.get(token=answer["Location"].rstrip("/").rpartition("/")[2])
    assert (pinned.tls, pinned.fingerprint) == ("pinned", ganeti.fingerprint)
    tasks.examine_one(pinned.pk)
    pinned.refresh_from_db()
    assert pinned.is_passed


def test_another_certificate_than_the_pinned_one_gets_no_password(
    by_alice: Client, ganeti: SimulatedCluster
) -> None:
    checkup = tried(by_alice, ganeti, fingerprint="AB:" * 31 + "AB")
    assert told(checkup, "bad") == ["It shows another certificate than the pinned one"]
    assert checkup.steps[-1]["fingerprint"] == ganeti.fingerprint
    assert not ganeti.requests


def test_a_wrong_password(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti, password="another")
    assert told(checkup, "bad") == ["The cluster does not know gwm with this password"]
    with pytest.raises(checkups.NotPassed):
        checkups.add_checked(checkup, by=User.objects.get(username="alice"))


def test_a_user_who_may_only_read_makes_it_read_only(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti, username="reader", password="reader-secret")
    assert "Signed in as reader, may read and not write" in told(checkup, "warn")
    by_alice.post(reverse("clusters:check", args=[checkup.token]), {"take": "1"})
    assert Cluster.objects.get().read_only


def test_a_user_without_rights_is_told_what_to_write(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti, username="guest", password="guest-secret")
    assert told(checkup, "bad") == ["guest may not read"]


def test_to_try_changes_nothing_on_the_cluster(by_alice: Client, ganeti: SimulatedCluster) -> None:
    before = len(ganeti.jobs)
    tried(by_alice, ganeti)
    assert len(ganeti.jobs) == before
    assert {request.method for request in ganeti.requests} == {"GET"}


def test_anonymous_reading_is_a_warning(by_alice: Client, open_ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, open_ganeti)
    assert told(checkup, "warn") == ["Anyone on the network can read this cluster"]
    assert "Consoles are reached" in told(checkup, "good")
    assert checkup.is_passed


def test_consoles_that_cannot_be_reached_do_not_stop_anybody(
    by_alice: Client, open_ganeti: SimulatedCluster
) -> None:
    for instance in open_ganeti.instances.values():
        instance.hvparams["vnc_bind_address"] = "127.0.0.1"
    checkup = tried(by_alice, open_ganeti)
    assert told(checkup, "bad")[0].startswith("The console cannot reach node")
    assert checkup.is_passed


def test_a_clock_that_goes_wrong_is_told() -> None:
    finding = door.clocks(-90)
    assert (finding.tone, finding.title) == ("warn", "Its clock is 90 s behind this site's")


def test_a_daemon_without_its_master_is_told_apart(by_alice: Client, ganeti: SimulatedCluster) -> None:
    ganeti.fault("500", path="/2/info", times=None)
    checkup = tried(by_alice, ganeti)
    assert told(checkup, "bad")[0].startswith("The remote API answers and the master daemon does not")


def test_what_is_not_ganeti_is_told(by_alice: Client, ganeti: SimulatedCluster) -> None:
    ganeti.fault("garbage", path="/2/info", times=None)
    assert told(tried(by_alice, ganeti), "bad")[0].startswith("What answers is not Ganeti")


def test_a_cluster_that_is_here_already_is_not_added_twice(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    checkup = tried(by_alice, ganeti, address="localhost")
    assert told(checkup, "bad") == [f"This cluster is here already, as {cluster}"]


def test_two_workers_do_not_try_the_same(by_alice: Client, ganeti: SimulatedCluster) -> None:
    by_alice.post(reverse("clusters:add"), typed(ganeti))
    checkup = Checkup.objects.get()
    assert examination.claim(checkup)
    assert not examination.claim(Checkup.objects.get())


def test_what_was_typed_is_forgotten_after_an_hour(by_alice: Client, ganeti: SimulatedCluster) -> None:
    checkup = tried(by_alice, ganeti)
    tasks.sweep_checkups()
    assert Checkup.objects.exists()
    Checkup.objects.filter(pk=checkup.pk).update(created_at=checkup.created_at - tasks.KEPT)
    tasks.sweep_checkups()
    assert not Checkup.objects.exists()


def test_a_fresh_password_comes_with_its_line_for_ganeti(by_alice: Client, ganeti: SimulatedCluster) -> None:
    page = by_alice.post(
        reverse("clusters:add"), typed(ganeti, username="site", password="", fresh="1")
    ).content.decode()
    password = re.search(r'name="password" value="([^"]+)"', page)
    assert password
    digest = hashlib.md5(f"site:Ganeti Remote API:{password[1]}".encode(), usedforsecurity=False).hexdigest()
    assert f"site {{HA1}}{digest} write" in page
    assert not Checkup.objects.exists()


def test_nobody_else_sees_what_was_typed(
    by_alice: Client, ganeti: SimulatedCluster, charlie: User, by_charlie: Client
) -> None:
    checkup = tried(by_alice, ganeti)
    charlie.is_superuser = True
    charlie.save()
    assert by_charlie.get(reverse("clusters:check", args=[checkup.token])).status_code == 404
    assert checkups.visible(charlie, {checkup.pk}) == set()


def test_a_short_name_that_is_a_page_of_ours_is_refused(by_alice: Client, ganeti: SimulatedCluster) -> None:
    answer = by_alice.post(reverse("clusters:add"), typed(ganeti, slug="add"))
    assert (answer.status_code, "Choose another short name" in answer.content.decode()) == (422, True)


def test_a_connection_is_changed_after_it_was_tried(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.users["second"] = ("new-secret", frozenset({"read", "write"}))
    page = reverse("clusters:connection", args=[cluster.slug])
    answer = by_alice.post(page, typed(ganeti, username="second", password="new-secret"))
    checkup = Checkup.objects.get()
    tasks.examine_one(checkup.pk)
    by_alice.post(answer["Location"], {"take": "1"})
    cluster.refresh_from_db()
    assert (cluster.username, unseal(cluster.password)) == ("second", "new-secret")
    event = Event.objects.get(action="cluster.connected")
    assert event.before
    assert event.after
    assert (event.before["username"], event.after["username"]) == ("gwm", "second")
    assert "new-secret" not in str(event.after)


def test_a_stored_password_goes_through_no_other_door(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    page = reverse("clusters:connection", args=[cluster.slug])
    for change in ({"port": "1"}, {"address": "localhost"}, {"fingerprint": "AB" * 32}, {"tls": "none"}):
        answer = by_alice.post(page, typed(ganeti, password="", **change))
        assert answer.status_code == 422, change
    assert not Checkup.objects.exists()
    assert by_alice.post(page, typed(ganeti, password="")).status_code == 302  # the same door


def test_another_cluster_at_the_address_is_not_taken_for_this_one(
    by_alice: Client, cluster: Cluster, open_ganeti: SimulatedCluster
) -> None:
    page = reverse("clusters:connection", args=[cluster.slug])
    by_alice.post(page, typed(open_ganeti))
    checkup = Checkup.objects.get()
    tasks.examine_one(checkup.pk)
    checkup.refresh_from_db()
    assert told(checkup, "bad") == [f"At this address is another cluster: {open_ganeti.name}"]


def test_a_former_name_that_is_taken_leads_to_the_new_cluster(
    by_alice: Client, cluster: Cluster, open_ganeti: SimulatedCluster
) -> None:
    FormerSlug.objects.create(cluster=cluster, slug="lab")
    checkup = tried(by_alice, open_ganeti)
    by_alice.post(reverse("clusters:check", args=[checkup.token]), {"take": "1"})
    assert not FormerSlug.objects.exists()
