"""What is found, by whom; and that what one may not see is as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.vms.commands import ShutDown
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in, told

pytestmark = pytest.mark.django_db


def found(client: Client, text: str) -> dict[str, list[str]]:
    """The titles of what the page shows, by kind."""
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return {group.heading: [hit.title for hit in group.hits] for group in answer.context["found"]}


def without(answer: Any, text: str) -> str:
    """The page without what was typed and without what is new in each answer."""
    page = answer.content.decode().replace(text, "").replace(quote(text, safe=""), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", page)


def test_a_machine_is_found_by_all_that_is_known_of_it(
    cluster: Cluster, mine: VirtualMachine, by_alice: Client
) -> None:
    told(mine, tag_lines="\nprecious\n")
    nics = mine.details["nics"]
    known = [mine.name, mine.name[:3].upper(), mine.uuid, "precious", nics[0]["mac"], "Web"]
    for text in known:
        assert mine.name in found(by_alice, text)["Virtual machines"], text
    with_ip = next(vm for vm in cluster.vms.all() if vm.details["nics"][0]["ip"])
    assert found(by_alice, with_ip.details["nics"][0]["ip"])["Virtual machines"] == [with_ip.name]


def test_every_word_must_be_found(mine: VirtualMachine, by_alice: Client) -> None:
    assert found(by_alice, f"{mine.name} web")["Virtual machines"] == [mine.name]
    assert found(by_alice, f"{mine.name} nowhere") == {}
    assert found(by_alice, "   ") == found(by_alice, "") == {}


def test_nodes_clusters_projects_jobs_and_people_are_found(
    cluster: Cluster, mine: VirtualMachine, alice: User, by_alice: Client
) -> None:
    request_job(by=alice, command=ShutDown(), on=mine)
    node = cluster.nodes.earliest("pk")
    assert found(by_alice, node.primary_ip)["Nodes"] == [node.name]
    assert found(by_alice, "sim1")["Clusters"] == ["sim1"]
    assert found(by_alice, "web")["Projects"][0] == "Web"
    assert found(by_alice, mine.name)["Jobs"] == [f"Shut down {mine.name}"]
    assert found(by_alice, "alice")["People"] == ["alice"]


@pytest.mark.parametrize(
    "text", ["LAN", "10.20.0.0/22", "10.20.0", "10.20.3.7", "shop", "uuid", "lan 10.20.3.7"]
)
def test_a_network_is_found_by_name_range_address_tag_and_uuid(
    cluster: Cluster, by_alice: Client, text: str
) -> None:
    lan = cluster.networks.get(name="lan")
    lan.details["tags"] = ["shop"]
    lan.save()
    text = lan.uuid if text == "uuid" else text
    assert found(by_alice, text)["Networks"] == ["lan"]
    (shown,) = [
        group
        for group in by_alice.get("/search/palette/", {"q": text}).context["found"]
        if group.heading == "Networks"
    ]
    assert shown.hits[0].url == lan.get_absolute_url()
    assert by_alice.get("/networks/", {"q": text}).context["listing"].total == 1


@pytest.mark.parametrize("text", ["10.20.4.7", '"', "[", ",", "10.20.3.7 dmz"])
def test_no_network_is_found_by_what_is_not_its_own(cluster: Cluster, by_alice: Client, text: str) -> None:
    for network in cluster.networks.all():
        network.details["tags"] = ["shop", "front"]
        network.save()
    assert "Networks" not in found(by_alice, text)


def test_a_network_that_is_gone_is_not_found(cluster: Cluster, by_alice: Client) -> None:
    cluster.networks.filter(name="lan").update(missing_since=timezone.now())
    assert "Networks" not in found(by_alice, "lan")


def test_where_there_is_more_the_way_leads_to_the_list_of_just_these(
    cluster: Cluster, by_alice: Client
) -> None:
    (machines,) = [
        group
        for group in by_alice.get("/search/", {"q": "sim1"}).context["found"]
        if group.heading == "Virtual machines"
    ]
    assert len(machines.hits) == 10
    assert by_alice.get(machines.rest).context["listing"].total == cluster.vms.count()


def test_members_find_what_is_their_projects_and_nothing_else(
    cluster: Cluster, mine: VirtualMachine, alice: User, dana: User
) -> None:
    other = cluster.vms.exclude(pk=mine.pk).earliest("sort_name")
    Job.objects.create(cluster=cluster, vm=other, target_name=other.name, command="start", origin="alice")
    browser = signed_in(dana)
    assert found(browser, "sim1") == {"Virtual machines": [mine.name]}
    assert found(browser, mine.details["nics"][0]["mac"]) == {"Virtual machines": [mine.name]}
    for text in ("alice", "dana", other.uuid, other.details["nics"][0]["mac"], cluster.master):
        assert found(browser, text) == {}, text


@pytest.mark.parametrize("path", ["/search/", "/search/palette/", "/vms/"])
def test_what_one_may_not_see_is_answered_as_what_is_not_there(
    path: str, cluster: Cluster, mine: VirtualMachine, alice: User, by_charlie: Client, dana: User
) -> None:
    create_project("Merger", by=alice)
    other = cluster.vms.exclude(pk=mine.pk).earliest("sort_name")
    node, lan = cluster.nodes.earliest("pk"), cluster.networks.get(name="lan")
    cluster.networks.filter(pk=lan.pk).update(name="backoffice")  # no word of the pages themselves
    hidden = [other.name, other.uuid, other.details["nics"][0]["mac"], node.name, node.primary_ip]
    hidden += ["backoffice", lan.uuid, lan.cidr, "10.20.3.7"]
    for browser, names in ((by_charlie, [*hidden, mine.name, "Merger", "alice"]), (signed_in(dana), hidden)):
        nothing = without(browser.get(path, {"q": "zq9zq9"}), "zq9zq9")
        for text in names:
            assert without(browser.get(path, {"q": text}), text) == nothing, text


def test_whose_a_machine_is_is_not_told_to_those_who_may_not_know(
    mine: VirtualMachine, web: Project, alice: User, charlie: User
) -> None:
    Project.objects.filter(pk=web.pk).update(name="Merger", slug="merger")
    grant(charlie, mine, by=alice, role="viewer")
    browser = signed_in(charlie)
    assert found(browser, mine.name) == {"Virtual machines": [mine.name]}
    assert found(browser, "merger") == {}
    assert browser.get("/vms/", {"q": "merger"}).context["listing"].total == 0


def test_the_palette_does_what_is_typed_on_machines_where_one_may(
    mine: VirtualMachine, stopped: VirtualMachine, alice: User, by_alice: Client, charlie: User
) -> None:
    answer = by_alice.get("/search/palette/", {"q": f"start {stopped.name}"})
    assert f'action="{stopped.get_absolute_url()}-/start/"' in answer.content.decode()
    assert by_alice.get("/search/palette/", {"q": f"start {mine.name}"}).context["doing"] == []  # it runs
    grant(charlie, stopped, by=alice, role="viewer")
    assert signed_in(charlie).get("/search/palette/", {"q": f"start {stopped.name}"}).context["doing"] == []


def test_the_palette_offers_what_can_be_done_with_the_only_machine_and_the_pages(
    mine: VirtualMachine, by_alice: Client
) -> None:
    answer = by_alice.get("/search/palette/", {"q": mine.name})
    labels = [each.action.command.label for each in answer.context["doing"]]
    assert {"Shut down", "Restart"} <= set(labels)
    assert "Start" not in labels
    assert [entry.label for entry in by_alice.get("/search/palette/?q=clus").context["places"]] == [
        "Clusters"
    ]


def test_the_field_above_every_page_leads_to_the_search(by_charlie: Client) -> None:
    page = by_charlie.get("/").content.decode()
    assert '<form class="seek" role="search" action="/search/">' in page


def test_a_search_asks_twelve_times_at_most(
    cluster: Cluster, mine: VirtualMachine, erin: User, by_alice: Client,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for browser in (by_alice, signed_in(erin)):
        for address in (
            "/search/?q=sim1",
            f"/search/palette/?q={mine.name}",
            "/search/palette/?q=start+sim1",
            "/search/?q=10.20.3.7+10.20.3.8",
            "/search/palette/?q=10.20.3.7",
        ):
            with django_assert_max_num_queries(12):
                assert browser.get(address).status_code == 200
