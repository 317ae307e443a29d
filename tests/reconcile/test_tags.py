"""Owners that stand in tags and differ from ours: either side may be believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project, personal_project
from ganeti_webmgr.reconcile import tasks
from ganeti_webmgr.reconcile.claims import claims_of
from ganeti_webmgr.reconcile.models import FormerOwner
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine
from tests.reconcile.test_adopting import chosen, outcomes, settled, word

pytestmark = pytest.mark.django_db

Tag = Callable[..., None]
Work = Callable[[Cluster], None]


def meant(vm: VirtualMachine) -> list[str]:
    return [str(claim.owner) if claim.owner else claim.why for claim in claims_of([vm])[vm.pk]]


def differing(browser: Client) -> set[str]:
    answer = browser.get("/reconcile/tags/")
    assert answer.status_code == 200
    return {line["row"].name for line in answer.context["lines"]}


def test_what_each_managers_tags_mean(
    alice: User, charlie: User, web: Project, running: VirtualMachine, tagged: Tag
) -> None:
    FormerOwner.objects.create(cluster=running.cluster, key="owner:12", project=web)
    FormerOwner.objects.create(cluster=running.cluster, key="U:7", user=charlie)
    for tags, expected in (
        (["gwm:owner:web", "blue"], ["Web"]),
        (["gwm:owner:12"], ["Web"]),
        (["gwm:owner:13"], ["which owner that was is not known here"]),
        (["gwm:owner:lost"], ["there is no project lost"]),
        (["ganetimgr:user:charlie", "ganetimgr:isolate"], ["charlie"]),
        (["ganetimgr:group:Web"], ["Web"]),
        (["ganetimgr:user:nobody"], ["nobody here is called nobody"]),
        (["GANETI_WEB_MANAGER:admin:U:7", "GANETI_WEB_MANAGER:start:U:9"], ["charlie"]),
        (["GANETI_WEB_MANAGER:admin:G:7"], ["which owner that was is not known here"]),
        # Ours is newer than any other.
        (["ganetimgr:user:charlie", "gwm:owner:web"], ["Web"]),
        (["blue"], []),
    ):
        tagged(running, *tags)
        assert meant(running) == expected, tags
    personal = personal_project(charlie)
    tagged(running, "ganetimgr:user:charlie")
    assert claims_of([running])[running.pk][0].owner == personal


def test_a_number_is_the_older_managers_and_never_a_projects_word(
    alice: User, web: Project, running: VirtualMachine, tagged: Tag, capsys: pytest.CaptureFixture[str]
) -> None:
    twelve = create_project("12", by=alice)
    assert twelve.slug == "p-12"
    Project.objects.filter(pk=twelve.pk).update(slug="12")  # as one could be before
    tagged(running, "gwm:owner:12")
    assert meant(running) == ["which owner that was is not known here"]
    call_command("rebuild-ownership")
    running.refresh_from_db()
    assert running.owner is None
    assert "12 is an owner's number in an older manager" in capsys.readouterr().err
    FormerOwner.objects.create(cluster=running.cluster, key="owner:12", project=web)
    assert meant(running) == ["Web"]


def test_a_tag_means_the_same_whatever_other_tags_are_read_with_it(
    charlie: User, cluster: Cluster, tagged: Tag
) -> None:
    personal_project(charlie)
    first, second = cluster.vms.order_by("sort_name")[:2]
    tagged(first, "ganetimgr:group:charlie")
    tagged(second, "gwm:owner:charlie")
    together = claims_of([first, second])
    assert [claim.owner for claim in together[first.pk]] == [None]
    assert meant(first) == ["there is no project charlie"]


def test_a_name_that_several_projects_have_names_none_of_them(
    alice: User, by_alice: Client, web: Project, running: VirtualMachine, tagged: Tag
) -> None:
    tagged(running, "ganetimgr:group:Web")
    assert meant(running) == ["Web"]
    second = create_project("Web", by=alice, slug="web-2")
    assert meant(running) == ["2 projects are called Web"]
    assert "2 projects are called Web" in by_alice.get("/reconcile/tags/").content.decode()
    settlement = chosen(by_alice, "tags", "take", which="all")
    looked = by_alice.get(settlement.get_absolute_url())
    assert {group.key: group.whys for group in looked.context["review"].groups} == {
        "undecided": {"2 projects are called Web.": 1}
    }
    adopting = chosen(by_alice, "nobodys", "adopt", which="ticked", row=running.pk)
    assert by_alice.get(adopting.get_absolute_url()).context["form"].initial == {}
    # One of them is another by its word.
    tagged(running, f"gwm:owner:{second.slug}")
    assert claims_of([running])[running.pk][0].owner == second


def test_the_list_has_those_alone_that_differ(
    by_alice: Client, cluster: Cluster, web: Project, tagged: Tag
) -> None:
    right, other, several, untagged, named, free = cluster.vms.order_by("sort_name")[:6]
    VirtualMachine.objects.filter(pk__in=[vm.pk for vm in (right, other, several, untagged)]).update(
        owner=web
    )
    tagged(right, "gwm:owner:web", "ganetimgr:user:bob")
    tagged(other, "gwm:owner:mail")
    tagged(several, "gwm:owner:mail", "gwm:owner:web")
    tagged(named, "ganetimgr:user:bob")
    tagged(free, "blue")
    assert differing(by_alice) == {other.name, several.name, untagged.name, named.name}
    # What cannot be written is no difference either.
    Cluster.objects.update(read_only=True)
    assert differing(by_alice) == {other.name, several.name, named.name}


def test_the_tag_is_believed(
    alice: User, charlie: User, by_alice: Client, cluster: Cluster, web: Project, tagged: Tag, work: Work
) -> None:
    mail = create_project("Mail", by=alice)
    ours, older, unknown, two = cluster.vms.order_by("sort_name")[:4]
    VirtualMachine.objects.filter(pk=ours.pk).update(owner=web)
    tagged(ours, "gwm:owner:mail")
    tagged(older, "ganetimgr:user:charlie")
    tagged(unknown, "gwm:owner:lost")
    tagged(two, "gwm:owner:mail", "gwm:owner:web")
    settlement = chosen(by_alice, "tags", "take", which="all")
    looked = by_alice.get(settlement.get_absolute_url())
    assert {group.key: len(group.entries) for group in looked.context["review"].groups} == {
        "acts": 2,
        "undecided": 2,
    }
    assert settled(by_alice, settlement, 2).status_code == 302
    for vm in (ours, older, unknown, two):
        vm.refresh_from_db()
    own = personal_project(charlie)
    assert [vm.owner for vm in (ours, older, unknown, two)] == [mail, own, None, None]
    found = outcomes(settlement)
    assert found[unknown.name] == ("skipped", "There is no project lost.")
    assert found[two.name] == ("skipped", "Several owners are named: mail, web.")
    work(cluster)
    older.refresh_from_db()
    assert set(older.tags) == {"ganetimgr:user:charlie", own.tag}
    assert differing(by_alice) == {unknown.name, two.name}


def test_what_the_tag_says_by_then_is_not_done_where_it_said_another_thing_when_looked_at(
    alice: User, by_alice: Client, cluster: Cluster, web: Project, tagged: Tag
) -> None:
    create_project("Mail", by=alice)
    second = create_project("Mail", by=alice, slug="mail-2")
    vm = cluster.vms.earliest("sort_name")
    VirtualMachine.objects.filter(pk=vm.pk).update(owner=web)
    tagged(vm, "gwm:owner:mail")
    settlement = chosen(by_alice, "tags", "take", row=[vm.pk])
    page, seen = settlement.get_absolute_url(), word(by_alice, settlement, 1)
    assert f"{vm.name} from Web (web) to Mail (mail)" in by_alice.get(page).content.decode()
    tagged(vm, "gwm:owner:mail-2")
    answer = by_alice.post(page, {"confirm": "1", "seen": seen})
    assert (answer.status_code, "Something has changed" in answer.content.decode()) == (422, True)
    # Nor where it changes between the confirmation and its turn.
    assert by_alice.post(page, {"confirm": "1", "seen": word(by_alice, settlement, 1)}).status_code == 302
    tagged(vm, "gwm:owner:mail")
    tasks.do_all()
    vm.refresh_from_db()
    assert vm.owner == web
    status, why = outcomes(settlement)[vm.name]
    assert (status, "from Web (web) to Mail (mail)" in why) == ("refused", True)
    assert second.vms.count() == 0


def test_the_project_that_all_tags_name_is_offered_to_adopt_to(
    by_alice: Client, cluster: Cluster, web: Project, tagged: Tag
) -> None:
    first, second, third = cluster.vms.order_by("sort_name")[:3]
    tagged(first, "gwm:owner:web")
    tagged(second, "ganetimgr:group:Web")
    for vms, offered in (([first, second], 'value="web"'), ([first, third], "")):
        settlement = chosen(by_alice, "nobodys", "adopt", row=[vm.pk for vm in vms])
        page = by_alice.get(settlement.get_absolute_url())
        assert ('value="web"' in page.content.decode()) == bool(offered)
        assert page.context["review"] is None


def test_we_are_believed(
    by_alice: Client, cluster: Cluster, web: Project, ganeti: SimulatedCluster, tagged: Tag, work: Work
) -> None:
    other, untagged, nobodys = cluster.vms.order_by("sort_name")[:3]
    VirtualMachine.objects.filter(pk__in=[other.pk, untagged.pk]).update(owner=web)
    tagged(other, "gwm:owner:mail", "blue")
    tagged(nobodys, "gwm:owner:mail")
    settlement = chosen(by_alice, "tags", "write", which="all")
    assert settled(by_alice, settlement, 2).status_code == 302
    assert outcomes(settlement)[nobodys.name] == ("skipped", "It belongs to nobody here.")
    work(cluster)
    work(cluster)  # the tags of others are taken away after ours was written
    assert set(ganeti.config.instances[other.name].tags) == {"gwm:owner:web", "blue"}
    assert "gwm:owner:web" in ganeti.config.instances[untagged.name].tags
    assert differing(by_alice) == {nobodys.name}


def test_ownership_is_rebuilt_from_our_tags_by_the_same_rule(
    cluster: Cluster, web: Project, tagged: Tag, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, two, unknown = cluster.vms.order_by("sort_name")[:3]
    tagged(ours, "gwm:owner:web")
    tagged(two, "gwm:owner:mail", "gwm:owner:web")
    tagged(unknown, "gwm:owner:lost")
    call_command("rebuild-ownership", "--dry-run")
    ours.refresh_from_db()
    assert ours.owner is None
    capsys.readouterr()
    call_command("rebuild-ownership")
    said = capsys.readouterr()
    ours.refresh_from_db()
    assert ours.owner == web
    assert said.out.splitlines() == [f"{ours}: nobody -> Web", "1 machines changed owner."]
    assert f"{two}: several owners are named: mail, web. Left alone." in said.err
    assert f"{unknown}: there is no project lost. Left alone." in said.err
