"""Machines of nobody are given to a project: looked at, confirmed, done one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.reconcile import services, tasks
from ganeti_webmgr.reconcile.models import Settlement
from ganeti_webmgr.reconcile.review import rows_to_settle
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.ui.confirming import Moved
from ganeti_webmgr.vms.commands import Restart
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


def chosen(browser: Client, kind: str = "nobodys", verb: str = "adopt", **how: Any) -> Settlement:
    answer = browser.post(f"/reconcile/{kind}/choose/", {"verb": verb, "which": "ticked", **how})
    assert answer.status_code == 302, answer.content.decode()
    return Settlement.objects.get(token=answer.headers["Location"].strip("/").rpartition("/")[2])


def settled(browser: Client, settlement: Settlement, seen: int, **typed: Any) -> Any:
    """The answer to a confirmation of what was looked at, once a worker has heard of it."""
    page = settlement.get_absolute_url()
    if typed.keys() - {"typed"}:
        assert browser.post(page, {"look": "1", **typed}).status_code == 302
    answer = browser.post(page, {"confirm": "1", "seen": word(browser, settlement, seen), **typed})
    tasks.do_all()
    return answer


def word(browser: Client, settlement: Settlement, count: int) -> str:
    """What the page says was looked at, once it says that so many will be done."""
    context = browser.get(settlement.get_absolute_url()).context
    assert context["count"] == count
    return str(context["review"].seen)


def outcomes(settlement: Settlement) -> dict[str, tuple[str, str]]:
    return {entry.name: (entry.status, entry.why) for entry in settlement.entries.all()}


def test_some_are_given_to_a_project_and_ganeti_is_told(
    by_alice: Client, cluster: Cluster, web: Project, ganeti: SimulatedCluster, work: Work
) -> None:
    first, second, third = cluster.vms.order_by("sort_name")[:3]
    settlement = chosen(by_alice, row=[first.pk, second.pk])
    page = settlement.get_absolute_url()
    assert "Look what would happen" in by_alice.get(page).content.decode()
    assert by_alice.post(page, {"look": "1", "project": "Web"}).status_code == 302
    looked = by_alice.get(page).content.decode()
    assert "Adopt: 2 of 2 machines?" in looked
    assert "Quota of Web on sim1" in looked
    assert not VirtualMachine.objects.filter(owner=web).exists()

    assert settled(by_alice, settlement, 2, project="web").status_code == 302
    assert set(VirtualMachine.objects.filter(owner=web)) == {first, second}
    work(cluster)
    assert "gwm:owner:web" in ganeti.config.instances[first.name].tags
    assert "gwm:owner:web" not in ganeti.config.instances[third.name].tags
    result = by_alice.get(page).content.decode()
    assert "Adopt: 2 of 2 done" in result
    assert "Belongs to Web" in result
    event = Event.objects.get(action="reconcile.confirmed")
    assert event.after == {"what": "Adopt", "machines": 2, "skipped": 0, "project": "web"}
    assert Event.objects.filter(action="owner.changed", actor_name="alice").count() == 2
    told = by_alice.get("/record/").content.decode()
    assert "Hand over" in told
    assert "Skipped" in told  # of the confirmation


def test_all_that_match_a_filter_are_fixed_at_that_moment(by_alice: Client, cluster: Cluster) -> None:
    settlement = chosen(by_alice, which="all", query="q=db")
    expected = cluster.vms.filter(name__contains="db").values_list("name", flat=True)
    assert set(settlement.entries.values_list("name", flat=True)) == set(expected)
    assert settlement.chosen_by == "“db”"


def test_what_does_not_fit_the_quota_is_left_unless_a_superuser_ticks_that(
    alice: User, by_alice: Client, cluster: Cluster, web: Project
) -> None:
    set_quota(web, cluster, by=alice, machines=2)
    vms = list(cluster.vms.order_by("sort_name")[:3])
    settlement = chosen(by_alice, row=[vm.pk for vm in vms])
    page = settlement.get_absolute_url()
    by_alice.post(page, {"look": "1", "project": "web"})
    looked = by_alice.get(page).content.decode()
    assert "Adopt: 2 of 3 machines?" in looked
    assert "Web would have 3 of 2 machines on sim1" in looked
    settled(by_alice, settlement, 3, project="web", over_quota="on")
    assert VirtualMachine.objects.filter(owner=web).count() == 3
    assert Event.objects.filter(action="owner.changed", after__over_quota=True).exists()


def test_nobody_but_a_superuser_goes_over(alice: User, charlie: User, cluster: Cluster, web: Project) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    set_quota(web, cluster, by=alice, machines=1)
    first, second = cluster.vms.order_by("sort_name")[:2]
    browser = signed_in(charlie)
    settlement = chosen(browser, row=[first.pk, second.pk])
    assert "over_quota" not in browser.get(settlement.get_absolute_url()).content.decode()
    settled(browser, settlement, 1, project="web", over_quota="on")
    assert list(VirtualMachine.objects.filter(owner=web)) == [first]


def test_what_is_in_the_way_of_one_is_said_of_it_and_stops_no_other(
    alice: User, by_alice: Client, cluster: Cluster, web: Project
) -> None:
    free, busy, taken = cluster.vms.filter(status="running").order_by("sort_name")[:3]
    settlement = chosen(by_alice, row=[free.pk, busy.pk, taken.pk])
    request_job(by=alice, command=Restart(), on=busy)
    VirtualMachine.objects.filter(pk=taken.pk).update(owner=web)
    settled(by_alice, settlement, 1, project="web")
    found = outcomes(settlement)
    assert found[free.name] == ("done", "Belongs to Web")
    assert found[busy.name][0] == "skipped"
    assert "restarting" in found[busy.name][1]
    assert found[taken.name] == ("skipped", "It belongs to Web.")


def test_where_something_changed_since_the_look_nothing_is_done(
    by_alice: Client, cluster: Cluster, web: Project
) -> None:
    first, second = cluster.vms.order_by("sort_name")[:2]
    settlement = chosen(by_alice, row=[first.pk, second.pk])
    by_alice.post(settlement.get_absolute_url(), {"look": "1", "project": "web"})
    page, seen = settlement.get_absolute_url(), word(by_alice, settlement, 2)
    VirtualMachine.objects.filter(pk=second.pk).update(owner=web)
    answer = by_alice.post(page, {"confirm": "1", "seen": seen, "project": "web"})
    tasks.do_all()
    assert answer.status_code == 422
    assert "Something has changed meanwhile" in answer.content.decode()
    first.refresh_from_db()
    assert first.owner is None
    # Another project than the one looked at is looked at first.
    seen = word(by_alice, settlement, 1)
    answer = by_alice.post(page, {"confirm": "1", "seen": seen, "project": "alice"})
    assert answer.status_code == 422
    assert Settlement.objects.get().confirmed_at is None


def test_what_another_tab_typed_is_not_confirmed_with_the_look_of_this_one(
    alice: User, by_alice: Client, cluster: Cluster, web: Project
) -> None:
    mail, first = create_project("Mail", by=alice), cluster.vms.earliest("sort_name")
    settlement = chosen(by_alice, row=[first.pk])
    services.look_with(settlement, {"project": web.slug})
    shown, seen = Settlement.objects.get(), word(by_alice, settlement, 1)
    services.look_with(settlement, {"project": mail.slug})  # between the check and the confirmation
    with pytest.raises(Moved):
        services.confirm(shown, by=alice, seen=seen)
    assert Settlement.objects.get().confirmed_at is None


def test_confirmed_twice_it_is_done_once(by_alice: Client, cluster: Cluster, web: Project) -> None:
    first = cluster.vms.earliest("sort_name")
    settlement = chosen(by_alice, row=[first.pk])
    assert settled(by_alice, settlement, 1, project="web").status_code == 302
    tasks.do_one(settlement.pk)
    by_alice.post(settlement.get_absolute_url(), {"confirm": "1", "seen": "x", "project": "web"})
    assert Event.objects.filter(action="owner.changed").count() == 1


def test_bad_input_changes_nothing_and_is_no_error_of_ours(by_alice: Client, cluster: Cluster) -> None:
    first = cluster.vms.earliest("sort_name")
    settlement = chosen(by_alice, row=[first.pk])
    page = settlement.get_absolute_url()
    answer = by_alice.post(page, {"look": "1", "project": "no such"})
    assert answer.status_code == 422
    assert "There is no project “no such”." in answer.content.decode()
    assert 'value="no such"' in answer.content.decode()
    assert by_alice.post(page, {"confirm": "1", "seen": "x" * 99, "project": ""}).status_code == 422
    for how in ({}, {"row": ["9" * 40]}, {"row": ["x"]}):
        assert by_alice.post("/reconcile/nobodys/choose/", {"verb": "adopt", **how}).status_code == 400
    assert by_alice.post("/reconcile/nobodys/choose/", {"verb": "forget"}).status_code == 404
    assert (
        by_alice.post("/reconcile/nobodys/choose/", {"verb": "adopt", "row": ["999999"]}).status_code == 404
    )
    assert by_alice.get("/reconcile/nothing/").status_code == 404
    assert by_alice.get("/reconcile/gone/?page=99999999999999999999&sort=x").status_code == 200


def test_each_sees_his_clusters_and_his_settlements(
    alice: User, charlie: User, by_alice: Client, by_charlie: Client, cluster: Cluster
) -> None:
    first = cluster.vms.earliest("sort_name")
    settlement = chosen(by_alice, row=[first.pk])
    for address in ("/reconcile/", "/reconcile/tags/", "/reconcile/renamed/", settlement.get_absolute_url()):
        assert by_charlie.get(address).status_code == 404
    grant(charlie, cluster, by=alice, role="operator")
    assert by_charlie.get("/reconcile/").status_code == 404
    grant(charlie, cluster, by=alice, role="admin")
    assert first.name in by_charlie.get("/reconcile/").content.decode()
    assert by_charlie.get(settlement.get_absolute_url()).status_code == 404


def test_a_superuser_looks_at_what_another_chose_and_does_not_confirm_it_for_him(
    alice: User, charlie: User, by_alice: Client, cluster: Cluster, web: Project
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    first = cluster.vms.earliest("sort_name")
    settlement = chosen(signed_in(charlie), row=[first.pk])
    services.look_with(settlement, {"project": web.slug})
    seen, page = word(by_alice, settlement, 1), settlement.get_absolute_url()
    looked = by_alice.get(page).content.decode()
    assert "Chosen by charlie, who alone can confirm it" in looked
    assert 'name="confirm"' not in looked
    for typed in ({"confirm": "1", "seen": seen}, {"look": "1"}):
        assert by_alice.post(page, {**typed, "project": "web"}).status_code == 403
    assert Settlement.objects.get().confirmed_at is None


def test_who_lost_his_clusters_has_no_page_of_what_he_chose_there(
    alice: User, charlie: User, cluster: Cluster, web: Project
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    first = cluster.vms.earliest("sort_name")
    browser = signed_in(charlie)
    settlement = chosen(browser, row=[first.pk])
    assert rows_to_settle(settlement, by=charlie) == [first]
    grant(charlie, cluster, by=alice, role="operator")
    page = settlement.get_absolute_url()
    assert browser.get(page).status_code == 404
    for name in ("web", "no such"):
        assert browser.post(page, {"look": "1", "project": name}).status_code == 404
    # Nor does one who has another cluster still hear of the rows on this one.
    assert rows_to_settle(settlement, by=charlie) == []
