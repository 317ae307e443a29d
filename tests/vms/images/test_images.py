from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle, schedule
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.images.families import family_of, icon_of
from ganeti_webmgr.vms.images.services import describe

pytestmark = pytest.mark.django_db


@pytest.fixture
def trixie(cluster: Cluster) -> OperatingSystem:
    return cluster.systems.get(name="debootstrap+trixie")


def typed(**more: Any) -> dict[str, Any]:
    """The form as it is sent with nothing said."""
    return {"position": "100", "parameter-rows": "0", "hv-rows": "0", "hidden": "", **more}


def post(browser: Client, system: OperatingSystem, **more: Any) -> Any:
    return browser.post(system.get_absolute_url(), typed(**more))


def diagnoses(ganeti: SimulatedCluster) -> int:
    jobs = ganeti.queue.jobs.values()
    return sum(job.ops[0].input["OP_ID"] == "OP_OS_DIAGNOSE" for job in jobs)


def test_the_systems_of_a_cluster_are_read_with_one_job_in_many_rounds(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    assert cluster.systems.get(name="noop")
    assert str(cluster.systems.get(name="ubuntu+noble")) == "ubuntu · noble"
    for _ in range(3):
        cycle.run(cluster, everything=True)
    assert diagnoses(ganeti) == 1


def test_a_system_that_is_gone_keeps_what_was_said_of_it_and_comes_back(
    cluster: Cluster, ganeti: SimulatedCluster, trixie: OperatingSystem, alice: User
) -> None:
    describe(trixie, by=alice, title="Debian 13")
    known = ganeti.config.operating_systems
    ganeti.config.operating_systems = {"noop": []}
    schedule.hurry(cluster.pk, "systems")
    cycle.run(cluster)
    trixie.refresh_from_db()
    assert trixie.missing_since
    ganeti.config.operating_systems = {**known, "image": ["fedora-43"]}
    schedule.hurry(cluster.pk, "systems")
    cycle.run(cluster)
    trixie.refresh_from_db()
    back = OperatingSystem.objects.get(pk=trixie.pk)
    assert (back.missing_since, back.title) == (None, "Debian 13")
    assert cluster.systems.get(name="image+fedora-43").described is False


def test_a_list_that_does_not_come_in_time_is_no_trouble_of_the_cluster(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.config.drained = True
    schedule.hurry(cluster.pk, "systems")
    cycle.run(cluster)
    cluster.refresh_from_db()
    assert cluster.trouble == ""
    assert cluster.loops.get(name="systems").last_error
    assert cluster.systems.filter(missing_since=None).exists()


@pytest.mark.parametrize(
    ("name", "family", "icon"),
    [
        ("image+debian-13", "debian", "brand-debian"),
        ("debootstrap+noble", "ubuntu", "brand-ubuntu"),
        ("image+rocky-10", "redhat", "brand-redhat"),
        ("noop", "other", "disc"),
    ],
)
def test_a_name_tells_its_family_until_somebody_says_another(name: str, family: str, icon: str) -> None:
    assert (family_of(name, ""), icon_of(OperatingSystem(name=name))) == (family, icon)
    assert family_of(name, "windows") == "windows"


def test_everything_that_can_be_said_is_kept_and_recorded(by_alice: Client, trixie: OperatingSystem) -> None:
    answer = post(
        by_alice,
        trixie,
        title="Debian 13 “trixie”",
        family="debian",
        note="Ready in 90 s",
        position="3",
        memory_min_mib="1",
        disk_min_mib="10 GiB",
        vcpus_min="2",
        hidden="1",
        **{
            "parameter-rows": "3",
            "parameter-0-name": "filesystem",
            "parameter-0-value": "ext4",
            "parameter-0-visibility": "public",
            "parameter-1-name": "ssh_keys",
            "parameter-1-visibility": "public",
            "parameter-1-role": "keys",
            "parameter-2-visibility": "public",
            "hv-rows": "1",
            "hv-0-name": "disk_cache",
            "hv-0-value": "writeback",
        },
    )
    assert answer.status_code == 302
    trixie.refresh_from_db()
    assert (trixie.title, trixie.family, trixie.position) == ("Debian 13 “trixie”", "debian", 3)
    assert (trixie.memory_min_mib, trixie.disk_min_mib, trixie.vcpus_min) == (1024, 10240, 2)
    assert (trixie.hidden, trixie.described) == (True, True)
    assert [row["name"] for row in trixie.parameters] == ["filesystem", "ssh_keys"]
    assert trixie.hvparams == {"disk_cache": "writeback"}
    said = Event.objects.get(action="image.changed").after
    assert said
    assert said["position"] == 3


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"position": "-1"}, "greater than or equal to 0"),
        ({"position": ""}, "This field is required"),
        ({"title": "x" * 101}, "at most 100 characters"),
        ({"family": "amiga"}, "amiga is not one of the available choices"),
        ({"memory_min_mib": "much"}, "Write a size as 4, 1.5, 512 MiB or 2 TiB."),
        ({"disk_min_mib": "0"}, "Ask for 1 MiB or more."),
        ({"vcpus_min": "0"}, "greater than or equal to 1"),
        ({"parameter-rows": "1", "parameter-0-name": "two words"}, "Use letters, digits"),
        ({"parameter-rows": "1", "parameter-0-value": "no name"}, "Use letters, digits"),
        (
            {
                "parameter-rows": "1",
                "parameter-0-name": "pw",
                "parameter-0-value": "hunter2",
                "parameter-0-visibility": "private",
            },
            "This would be read by everybody",
        ),
        (
            {"parameter-rows": "2", "parameter-0-name": "a", "parameter-1-name": "a"},
            "a stands above already.",
        ),
        ({"hv-rows": "1", "hv-0-value": "1"}, "Choose the parameter that this is for."),
        ({"hv-rows": "1", "hv-0-name": "disk_cache", "hv-0-value": "warm"}, "Choose one of: default, none"),
        ({"hv-rows": "1", "hv-0-name": "migration_port", "hv-0-value": "1"}, "not one of the available"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(
    by_alice: Client, trixie: OperatingSystem, bad: dict[str, str], words: str
) -> None:
    visible = {f"parameter-{number}-visibility": "public" for number in range(2)}
    answer = post(by_alice, trixie, **{"title": "Kept", **visible, **bad})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert bad.get("title", 'value="Kept"') in page
    trixie.refresh_from_db()
    assert not trixie.described


def test_rows_come_and_go_without_script_and_without_complaint(
    by_alice: Client, trixie: OperatingSystem
) -> None:
    first = {"parameter-rows": "1", "parameter-0-name": "one", "title": "Typed"}
    more = post(by_alice, trixie, add="parameter", **first)
    assert more.status_code == 200
    assert len(more.context["parameters"]) == 2
    page = more.content.decode()
    assert 'value="Typed"' in page
    assert 'class="err"' not in page
    less = post(
        by_alice,
        trixie,
        remove="parameter-0",
        **{**first, "parameter-rows": "2", "parameter-1-name": "two"},
    )
    assert [form["name"].value() for form in less.context["parameters"]] == ["two"]
    trixie.refresh_from_db()
    assert not trixie.described


def test_the_same_is_said_on_other_clusters_only_where_one_may(
    alice: User, charlie: User, trixie: OperatingSystem
) -> None:
    other, third = (
        Cluster.objects.create(slug=name, name=name, url=f"https://{name}.example.org") for name in "ab"
    )
    for cluster in (other, third):
        OperatingSystem.objects.create(cluster=cluster, name=trixie.name, sort_name=trixie.name)
    for cluster in (trixie.cluster, other):
        grant(charlie, cluster, by=alice, role="admin")
    describe(trixie, by=charlie, also=[other], title="Debian 13")
    assert other.systems.get().title == "Debian 13"
    with pytest.raises(Denied):
        describe(trixie, by=charlie, also=[third], title="Debian 14")
    trixie.refresh_from_db()
    assert (trixie.title, third.systems.get().title) == ("Debian 13", "")


def test_an_administrator_of_one_cluster_sees_its_images_alone(
    alice: User, charlie: User, by_charlie: Client, trixie: OperatingSystem
) -> None:
    assert "debootstrap+trixie" not in by_charlie.get("/images/").content.decode()
    grant(charlie, trixie.cluster, by=alice, role="admin")
    assert "debootstrap+trixie" in by_charlie.get("/images/").content.decode()
    assert by_charlie.post("/images/read/").status_code == 302


def test_lists_are_read_again_when_somebody_asks(by_alice: Client, cluster: Cluster) -> None:
    assert "systems" not in [loop.name for loop in schedule.due_loops(cluster)]
    by_alice.post("/images/read/")
    assert "systems" in [loop.name for loop in schedule.due_loops(cluster)]
    assert cache.get(f"asked:systems:{cluster.pk}") is None


def test_the_catalogue_is_narrowed(by_alice: Client, trixie: OperatingSystem, alice: User) -> None:
    describe(trixie, by=alice, title="Debian 13", hidden=True)

    def names(query: str) -> list[str]:
        return [line.system.name for line in by_alice.get(f"/images/{query}").context["lines"]]

    assert names("?q=debian") == names("?state=hidden") == ["debootstrap+trixie"]
    assert "debootstrap+trixie" not in names("?state=new")
    assert names("?state=missing") == []
    assert "There is no state “odd”" in by_alice.get("/images/?state=odd").content.decode()
