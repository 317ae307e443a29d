"""The list of networks and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.networks.use import Users
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.vms.sync import _places, _tell_networks
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"lan", "dmz"}),
        ("?q=lan", {"lan"}),
        ("?q=192.0.2", {"dmz"}),
        ("?q=10.20.3.7", {"lan"}),  # lies in its range
        ("?q=10.20.4.7", set()),
        ("?q=lan+dmz", set()),
        ("?cluster=sim1&sort=-free", {"lan", "dmz"}),
        ("?sort=nonsense&page=99", {"lan", "dmz"}),
    ],
)
def test_the_list_is_narrowed_and_sorted(by_alice: Client, lan: Network, query: str, shown: set[str]) -> None:
    answer = by_alice.get(f"/networks/{query}")
    assert answer.status_code == 200
    assert {line.network.name for line in answer.context["lines"]} == shown


def test_a_network_that_is_gone_is_not_listed_and_has_a_page(by_alice: Client, lan: Network) -> None:
    Network.objects.filter(pk=lan.pk).update(missing_since=timezone.now())
    assert lan.cidr not in page(by_alice, "/networks/")
    assert "Not on the cluster" in page(by_alice, lan.get_absolute_url())


def test_a_new_network_of_the_same_name_has_the_page(by_alice: Client, lan: Network) -> None:
    Network.objects.create(
        cluster=lan.cluster, name="lan", cidr="10.9.0.0/24", uuid="old", missing_since=timezone.now()
    )
    assert "10.20.0.0/22" in page(by_alice, lan.get_absolute_url())


def test_the_page_says_who_has_which_address(by_alice: Client, lan: Network) -> None:
    text = page(by_alice, lan.get_absolute_url())
    vm = lan.cluster.vms.get(name="db1.sim1.example.org")
    address = vm.details["nics"][0]["ip"]
    assert f'title="{address}: db1.sim1.example.org"' in text
    assert f'<a href="{vm.get_absolute_url()}">{vm.name}</a>' in text
    assert "Next address given out: <b" in text
    assert "9</b> in use" in text


@pytest.mark.parametrize(("show", "kinds"), [("used", {"used"}), ("free", {"free"}), ("what", None)])
def test_the_table_of_addresses_is_narrowed(
    by_alice: Client, lan: Network, show: str, kinds: set[str] | None
) -> None:
    answer = by_alice.get(lan.get_absolute_url(), {"show": show, "page": "7"})
    assert answer.status_code == 200
    found = {row.run.kind.value for row in answer.context["addresses"].page}
    assert found == (kinds or {"edge", "gateway", "used", "free"})
    assert answer.context["addresses"].problems


def test_what_one_may_not_see_of_machines_stays_hidden(
    lan: Network, vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(holder.name for holder in Users(lan).holders(vera))
    monkeypatch.setattr(policy, "permitted", lambda user, permission, rows: rows.none())
    hidden = Users(lan).holders(vera)
    assert len(hidden) == 9
    assert not any(holder.name or holder.url for holder in hidden)


def test_machines_that_the_list_of_the_network_does_not_have_yet_are_found(lan: Network) -> None:
    lan.details["inst_list"] = []
    lan.save()
    assert len(Users(lan)) == 9


def test_those_who_see_the_cluster_see_its_networks(lan: Network, vera: User, by_charlie: Client) -> None:
    assert "lan" in page(signed_in(vera), lan.get_absolute_url())
    assert by_charlie.get(lan.get_absolute_url()).status_code == 404
    assert lan.cidr not in page(by_charlie, "/networks/")


@pytest.mark.parametrize("name", ["nothing", "a/b", "..%2f", "x" * 900])
def test_what_is_not_there_is_not_found(by_alice: Client, cluster: Cluster, name: str) -> None:
    assert by_alice.get(f"/clusters/sim1/networks/{name}/").status_code == 404


def test_a_name_with_a_slash_has_a_page(by_alice: Client, lan: Network) -> None:
    Network.objects.filter(pk=lan.pk).update(name="rack/lan 1")
    lan.refresh_from_db()
    assert "rack/lan 1" in page(by_alice, lan.get_absolute_url())


def test_a_page_asks_as_often_for_many_machines_as_for_few(
    by_alice: Client, lan: Network, dmz: Network, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for network in (lan, dmz):
        with django_assert_max_num_queries(14):
            page(by_alice, network.get_absolute_url())


def test_a_machine_leads_to_its_network_for_those_who_see_that(
    by_alice: Client, alice: User, charlie: User, by_charlie: Client, lan: Network
) -> None:
    vm = lan.cluster.vms.get(name="db1.sim1.example.org")
    grant(charlie, vm, by=alice, role="viewer")
    link = f'<a href="{lan.get_absolute_url()}">lan</a>'
    for address in (vm.get_absolute_url(), f"{vm.get_absolute_url()}-/network/"):
        assert link in page(by_alice, address)
        assert link not in page(by_charlie, address)


def test_the_page_hears_when_a_machine_comes_into_the_network_or_leaves_it(lan: Network) -> None:
    fresh = Network.objects.create(cluster=lan.cluster, name="fresh", cidr="10.9.0.0/24", uuid="fresh")
    here = _places([{"network_uuid": fresh.uuid, "ip": "10.9.0.9"}, {"network_uuid": None, "ip": None}])
    assert here == {(fresh.uuid, "10.9.0.9")}
    heard = Notice.objects.filter(topic=f"network:{fresh.pk}")
    _tell_networks(lan.cluster, [here ^ here])
    assert not heard.exists()
    _tell_networks(lan.cluster, [here ^ _places(None)])
    assert heard.exists()


def test_a_group_that_is_gone_is_not_on_the_page_of_its_cluster(by_alice: Client, lan: Network) -> None:
    group = lan.cluster.nodegroups.earliest("pk")
    shown = f'id="group-{group.pk}"'
    assert shown in page(by_alice, lan.cluster.get_absolute_url())
    lan.cluster.nodegroups.filter(pk=group.pk).update(missing_since=timezone.now())
    assert shown not in page(by_alice, lan.cluster.get_absolute_url())
