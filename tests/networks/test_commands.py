"""What is asked of a network through its pages, and what came of it on the cluster."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import Conflict, request_job
from ganeti_webmgr.networks.commands import (
    ChangeNetwork,
    DisconnectNetwork,
    ReleaseAddresses,
    ReserveAddresses,
)
from ganeti_webmgr.networks.forms.typed import AddressesField
from ganeti_webmgr.networks.use import reserved
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.simulator.model.node import Group
from tests.estate import added, signed_in
from tests.vms.estate import problems

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


@pytest.fixture
def by_erin(erin: User) -> Client:
    return signed_in(erin)


@pytest.fixture
def spare(cluster: Cluster, ganeti: SimulatedCluster, by_alice: Client, work: Work) -> Network:
    """A network that no machine uses and to which no group is connected."""
    assert by_alice.post(f"{at(cluster)}-/create-network/", CREATED).status_code == 302
    work(cluster)
    return cluster.networks.get(name="spare")


CREATED = {
    "new_name": "spare",
    "cidr": "10.9.0.0/24",
    "gateway": "10.9.0.1",
    "network6": "2001:DB8:9::/64",
    "gateway6": "2001:db8:9:0::1",
    "mac_prefix": "AA:00:09",
    "reserved": "10.9.0.2-4, 10.9.0.9",
    "tags": "vlan:9 blue",
    "conflicts_check": "on",
}


def at(on: Any) -> str:
    return str(on.get_absolute_url())


def ask(browser: Client, network: Network, verb: str, **typed: Any) -> Any:
    return browser.post(f"{at(network)}-/{verb}/", typed)


def done(browser: Client, network: Network, work: Work, verb: str, **typed: Any) -> Job:
    """The job that came of it, carried out, with the network as it is then."""
    answer = ask(browser, network, verb, **typed)
    assert answer.status_code == 302, answer.content.decode()
    job = network.jobs.open().get()
    work(network.cluster)
    job.refresh_from_db()
    assert job.status == Status.DONE, job.error
    network.refresh_from_db()
    return job


def told(answer: Any) -> str:
    """What is told at the fields of a form that came back."""
    return " ".join(text for texts in problems(answer).values() for text in texts)


def test_a_network_is_made_with_all_that_was_typed(spare: Network, ganeti: SimulatedCluster) -> None:
    made = ganeti.networks["spare"]
    assert (made.network, made.gateway, made.mac_prefix) == ("10.9.0.0/24", "10.9.0.1", "aa:00:09")
    assert (made.network6, made.gateway6) == ("2001:db8:9::/64", "2001:db8:9::1")
    assert made.reserved == ["10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.9"]
    assert spare.tags == ["blue", "vlan:9"]
    job = Job.objects.get(command="create-network")
    assert (job.target_name, job.network) == ("spare", spare)
    assert "--add-reserved-ips=10.9.0.2,10.9.0.3,10.9.0.4,10.9.0.9" in job_line(job)


def job_line(job: Job) -> str:
    from ganeti_webmgr.jobs.naming import line  # noqa: PLC0415

    return line(job)


def test_a_name_is_asked_for_once(by_erin: Client, cluster: Cluster) -> None:
    assert by_erin.post(f"{at(cluster)}-/create-network/", CREATED).status_code == 302
    answer = told(by_erin.post(f"{at(cluster)}-/create-network/", CREATED))
    assert "A network named spare is being created on sim1 already." in answer


def test_a_network_that_was_made_leads_to_its_job_and_back(by_erin: Client, spare: Network) -> None:
    job = spare.jobs.get()
    assert f'href="{job.get_absolute_url()}"' in by_erin.get(at(spare)).content.decode()
    assert f'href="{at(spare)}"' in by_erin.get(job.get_absolute_url()).content.decode()
    line = next(row for row in by_erin.get("/record/").context["lines"] if row.url == at(spare))
    assert line.event.action == "job.ended"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"new_name": "lan"}, "new_name", "has a network named lan already"),
        ({"new_name": "a b"}, "new_name", "Names have letters"),
        ({"new_name": "-x"}, "new_name", "Names have letters"),
        ({"cidr": "10.9.0.0"}, "cidr", "with its length"),
        ({"cidr": "10.9.0.7/24"}, "cidr", "That lies within 10.9.0.0/24"),
        ({"cidr": "10.0.0.0/8"}, "cidr", "from /16 to /30"),
        ({"cidr": "10.0.0.0/99999999999999999999"}, "cidr", "with its length"),
        ({"cidr": "2001:db8::/64"}, "cidr", "with its length"),
        ({"gateway": "10.8.0.1"}, "gateway", "not in 10.9.0.0/24"),
        ({"gateway": "10.9.0.255"}, "gateway", "never given out"),
        ({"gateway": "nonsense"}, "gateway", "not an IPv4 address"),
        ({"gateway6": "2001:db8:8::1"}, "gateway6", "not in 2001:db8:9::/64"),
        ({"network6": ""}, "gateway6", "needs the IPv6 addresses"),
        ({"network6": "fe80::/nine"}, "network6", "like 2001:db8"),
        ({"mac_prefix": "aa:00"}, "mac_prefix", "three parts"),
        ({"reserved": "10.8.0.1"}, "reserved", "Not in 10.9.0.0/24: 10.8.0.1"),
        ({"reserved": "10.9.0.1"}, "reserved", "Reserved by itself"),
        ({"reserved": "10.9.0.0-10.19.0.0"}, "reserved", "At most 4,096"),
        ({"reserved": "10.9.0.9-3"}, "reserved", "ends before it begins"),
        ({"reserved": "10.9.0.x"}, "reserved", "not an IPv4 address"),
        ({"tags": "a{b"}, "tags", "cannot be a tag"),
        ({"tags": "gwm:owner:web"}, "tags", "cannot be a tag"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_made(
    by_erin: Client, cluster: Cluster, typed: dict[str, str], field: str, words: str
) -> None:
    answer = by_erin.post(f"{at(cluster)}-/create-network/", {**CREATED, **typed})
    assert words in " ".join(problems(answer).get(field, [])), problems(answer)
    assert not Job.objects.filter(command="create-network").exists()
    assert "10.9.0" in answer.content.decode()  # what was typed is kept


def test_settings_are_changed_and_taken_away(
    by_erin: Client, spare: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    more = {"network6": "2001:db8:9::/64", "gateway6": "fe80::1"}
    job = done(by_erin, spare, work, "change", gateway="10.9.0.254", mac_prefix="", **more)
    made = ganeti.networks["spare"]
    assert (made.gateway, made.gateway6, made.mac_prefix) == ("10.9.0.254", "fe80::1", None)
    assert job.params == {
        "gateway": "10.9.0.254",
        "network6": None,
        "gateway6": "fe80::1",
        "mac_prefix": "none",
    }
    assert (
        job_line(job) == "gnt-network modify --gateway=10.9.0.254 --gateway6=fe80::1 --mac-prefix=none spare"
    )
    assert spare.gateway == "10.9.0.254"


def test_what_ganeti_cannot_take_away_stays(by_erin: Client, spare: Network) -> None:
    answer = problems(ask(by_erin, spare, "change", mac_prefix="aa:00:0a"))
    assert set(answer) == {"gateway", "network6", "gateway6"}
    assert "change it and not take it away" in answer["gateway"][0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"gateway": "10.20.0.1"}, "Nothing was changed."),
        ({"gateway": "10.20.0.3"}, "10.20.0.3 is in use."),
        ({"gateway": "10.21.0.3"}, "Not in 10.20.0.0/22: 10.21.0.3."),
        ({"gateway": "10.20.3.255"}, "10.20.3.255 is never given out."),
        ({"gateway": "10.20.0.1", "gateway6": "2001:db8::1"}, "needs the IPv6 addresses"),
    ],
)
def test_settings_that_cannot_be_are_told(
    by_erin: Client, lan: Network, typed: dict[str, str], words: str
) -> None:
    assert words in told(ask(by_erin, lan, "change", **typed))
    assert not lan.jobs.filter(command="change-network").exists()


def test_addresses_are_reserved_and_released(
    by_erin: Client, lan: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    done(by_erin, lan, work, "reserve", addresses="10.20.1.5-7\n10.20.0.3")  # the last one is in use
    assert ganeti.networks["lan"].reserved == ["10.20.0.3", "10.20.1.5", "10.20.1.6", "10.20.1.7"]
    assert "10.20.1.6" in reserved(lan)
    assert "10.20.1.5 – 10.20.1.7" in by_erin.get(at(lan)).content.decode()
    done(by_erin, lan, work, "release", addresses="10.20.1.5 – 10.20.1.6")
    assert ganeti.networks["lan"].reserved == ["10.20.0.3", "10.20.1.7"]


@pytest.mark.parametrize(
    ("verb", "typed", "words"),
    [
        ("reserve", "10.21.0.1", "Not in 10.20.0.0/22: 10.21.0.1."),
        ("reserve", "10.20.0.1", "Reserved already: 10.20.0.1."),
        ("reserve", "", "required"),
        ("reserve", "10.20.0", "not an IPv4 address"),
        ("release", "10.20.3.9", "Not reserved: 10.20.3.9."),
        ("release", "10.20.0.0-1", "Ganeti keeps the gateway and both ends reserved"),
    ],
)
def test_addresses_that_cannot_be_meant_are_told(
    by_erin: Client, lan: Network, ganeti: SimulatedCluster, work: Work, verb: str, typed: str, words: str
) -> None:
    done(by_erin, lan, work, "reserve", addresses="10.20.3.1")
    assert words in told(ask(by_erin, lan, verb, addresses=typed))
    assert lan.jobs.count() == 1


def test_the_door_holds_what_the_forms_hold(erin: User, lan: Network) -> None:
    for command in (
        ReserveAddresses(addresses=["10.21.0.1"]),
        ReleaseAddresses(addresses=["10.20.0.9"]),
        ChangeNetwork(gateway="10.20.0.3"),
        DisconnectNetwork(group="default"),
    ):
        with pytest.raises(Conflict):
            request_job(by=erin, command=command, on=lan)


def test_a_link_of_the_table_brings_its_addresses(by_erin: Client, lan: Network) -> None:
    page = by_erin.get(f"{at(lan)}-/reserve/", {"addresses": "10.20.1.5-10.20.1.6"}).content.decode()
    assert "10.20.1.5-10.20.1.6</textarea>" in page
    assert "gnt-network modify --add-reserved-ips=10.20.1.5,10.20.1.6 lan" in page


def test_a_group_is_connected_and_disconnected(
    by_erin: Client, spare: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    done(by_erin, spare, work, "connect", group="default", mode="openvswitch", link="switch1", vlan="9")
    assert list(ganeti.networks["spare"].groups.values()) == [["openvswitch", "switch1", "9"]]
    assert "Open vSwitch to <span" in by_erin.get(at(spare)).content.decode()
    assert "All groups are connected." in by_erin.get(f"{at(spare)}-/connect/").content.decode()
    done(by_erin, spare, work, "disconnect", group="default")
    assert ganeti.networks["spare"].groups == {}
    assert spare.connections == []


def test_a_group_whose_machines_use_it_stays_connected(by_erin: Client, lan: Network) -> None:
    answer = told(ask(by_erin, lan, "disconnect", group="default"))
    assert "and 6 more use it" in answer
    assert "db1.sim1.example.org" in answer or "app1.sim1.example.org" in answer
    assert "In use there:" in by_erin.get(at(lan)).content.decode()
    assert not lan.jobs.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"group": "nothing"}, "no group that can be chosen"),
        ({"mode": "magic"}, "not one of the available choices"),
        ({"link": "br 0"}, "A link has letters"),
        ({"vlan": "nine"}, "A VLAN is a number"),
    ],
)
def test_a_connection_that_cannot_be_is_told(
    by_erin: Client, spare: Network, typed: dict[str, str], words: str
) -> None:
    usual = {"group": "default", "mode": "bridged", "link": "br0"}
    assert words in told(ask(by_erin, spare, "connect", **{**usual, **typed}))


def test_a_network_to_which_a_group_is_connected_is_not_removed(by_erin: Client, lan: Network) -> None:
    page = by_erin.get(f"{at(lan)}-/remove/").content.decode()
    assert "Connected to default: disconnect that first." in page
    assert ask(by_erin, lan, "remove", typed="lan").status_code == 409
    assert not lan.jobs.exists()


def test_an_unconnected_network_is_removed_after_its_name_was_typed(
    by_erin: Client, spare: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    assert "That is not spare." in told(ask(by_erin, spare, "remove", typed="lan"))
    done(by_erin, spare, work, "remove", typed="spare")
    assert "spare" not in ganeti.networks
    assert spare.missing_since
    assert "spare" not in by_erin.get("/networks/").content.decode()


def test_another_network_of_that_name_is_not_removed(
    by_erin: Client, spare: Network, ganeti: SimulatedCluster
) -> None:
    assert ask(by_erin, spare, "remove", typed="spare").status_code == 302
    Network.objects.filter(pk=spare.pk).update(uuid="11111111-1111-4111-8111-111111111111")
    job = Job.objects.get(command="remove-network")
    runner.send(job)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "spare" in ganeti.networks


def test_tags_are_changed_by_those_who_may(
    by_erin: Client, vera: User, lan: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    done(by_erin, lan, work, "tags", tags="blue\nvlan:20")
    assert lan.tags == ["blue", "vlan:20"]
    done(by_erin, lan, work, "tags", tags="green blue")
    work(lan.cluster)  # what follows by itself
    assert ganeti.networks["lan"].tags == ["blue", "green"]
    answer = ask(signed_in(vera), lan, "tags", tags="red")
    assert answer.status_code == 403


def test_before_3_1_ganeti_renames_no_network(by_erin: Client, lan: Network) -> None:
    page = by_erin.get(f"{at(lan)}-/rename/").content.decode()
    assert "Ganeti renames networks from 3.1 on" in page
    assert ask(by_erin, lan, "rename", new_name="office").status_code == 409


def test_from_3_1_on_a_network_is_renamed(db: None, clean_cache: None, by_alice: Client) -> None:
    from ganeti_webmgr.clusters import cycle  # noqa: PLC0415

    with Simulator([Shape(name="sim2", nodes=2, machines=2, version="3.1.0~rc2")], speed=500) as simulator:
        ganeti = simulator.clusters[0]
        cluster = added(ganeti)
        cycle.run(cluster, everything=True)
        lan = cluster.networks.get(name="lan")
        assert "already" in told(ask(by_alice, lan, "rename", new_name="dmz"))
        assert ask(by_alice, lan, "rename", new_name="office").status_code == 302
        runner.send(lan.jobs.latest("pk"))
        ganeti.wait_for_jobs()
        cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)
        lan.refresh_from_db()
        assert lan.name == "office"


def test_a_network_is_read_before_its_job_is_shown_as_done(
    by_erin: Client, lan: Network, ganeti: SimulatedCluster
) -> None:
    from ganeti_webmgr.clusters.connect import connect  # noqa: PLC0415
    from ganeti_webmgr.jobs.follow import follow  # noqa: PLC0415

    assert ask(by_erin, lan, "reserve", addresses="10.20.1.5").status_code == 302
    runner.send(lan.jobs.latest("pk"))
    ganeti.wait_for_jobs()
    with connect(lan.cluster) as client:
        follow(Cluster.objects.get(pk=lan.cluster_id), client)  # and no other loop
    lan.refresh_from_db()
    assert lan.jobs.latest("pk").status == Status.DONE
    assert "10.20.1.5" in reserved(lan)


def test_one_at_a_time(by_erin: Client, lan: Network) -> None:
    assert ask(by_erin, lan, "reserve", addresses="10.20.1.5").status_code == 302
    answer = ask(by_erin, lan, "reserve", addresses="10.20.1.6")
    assert answer.status_code == 409
    assert "Changing" in by_erin.get(at(lan)).content.decode()


def test_a_group_that_is_not_connected_is_offered(
    by_erin: Client, lan: Network, ganeti: SimulatedCluster, work: Work
) -> None:
    with ganeti.change():
        ganeti.groups.add(Group(name="lab", uuid=ganeti.config.new_uuid(), ctime=1, mtime=1))
    work(lan.cluster)
    page = by_erin.get(at(lan)).content.decode()
    assert "/networks/lan/-/connect/?group=lab" in page
    form = by_erin.get(f"{at(lan)}-/connect/", {"group": "lab"}).content.decode()
    assert '<option value="lab" selected>' in form


def test_creating_is_offered_where_one_may(
    by_erin: Client, vera: User, cluster: Cluster, by_charlie: Client
) -> None:
    assert "/-/create-network/" in by_erin.get("/networks/").content.decode()
    assert "/-/create-network/" in by_erin.get("/networks/?cluster=sim1").content.decode()
    assert "/-/create-network/" not in signed_in(vera).get("/networks/?cluster=sim1").content.decode()
    assert by_charlie.get(f"{at(cluster)}-/create-network/").status_code == 404


@pytest.mark.parametrize("verb", ["reserve", "release", "change", "connect", "disconnect", "tags", "remove"])
def test_each_page_says_what_it_is_about(by_erin: Client, lan: Network, verb: str) -> None:
    answer = by_erin.get(f"{at(lan)}-/{verb}/")
    assert answer.status_code == 200
    assert re.search(r"<h1>.*lan\??</h1>", answer.content.decode())


def test_an_unknown_verb_is_not_there(by_erin: Client, lan: Network) -> None:
    assert by_erin.get(f"{at(lan)}-/explode/").status_code == 404


def test_what_is_asked_reads_as_a_sentence(by_erin: Client, lan: Network) -> None:
    assert "<h1>Reserve addresses in lan?</h1>" in by_erin.get(f"{at(lan)}-/reserve/").content.decode()
    assert "<h1>Change lan?</h1>" in by_erin.get(f"{at(lan)}-/change/").content.decode()


def test_a_network_and_its_groups_lead_to_each_other(by_erin: Client, lan: Network) -> None:
    group = lan.cluster.nodegroups.get()
    assert f'href="{at(group)}"' in by_erin.get(at(lan)).content.decode()
    assert f'href="{at(lan)}"' in by_erin.get(at(group)).content.decode()


def test_a_long_gap_between_addresses_is_read_as_quickly_as_a_short_one() -> None:
    typed = f"10.0.0.1{' ' * 90_000}-{' ' * 9_000}10.0.0.2"
    assert AddressesField(label="Addresses").clean(typed) == ("10.0.0.1", "10.0.0.2")
