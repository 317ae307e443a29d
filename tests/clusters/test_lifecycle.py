"""What its administrators decide about a cluster, and what that leaves alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import lifecycle
from ganeti_webmgr.clusters.models import Cluster, FormerSlug
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import Conflict, request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(cluster: Cluster, alice: User) -> Cluster:
    return lifecycle.change_settings(cluster, by=alice, slug="west")


def test_links_with_a_former_short_name_lead_on(
    by_alice: Client, renamed: Cluster, stopped: VirtualMachine
) -> None:
    node = renamed.nodes.earliest("pk")
    for old, new in (
        ("/clusters/sim1/", "/clusters/west/"),
        ("/clusters/sim1/-/access/", "/clusters/west/-/access/"),
        (f"/clusters/sim1/nodes/{node.name}/?a=b", f"/clusters/west/nodes/{node.name}/?a=b"),
        (f"/vms/sim1/{stopped.name}/-/disks/", f"/vms/west/{stopped.name}/-/disks/"),
    ):
        answer = by_alice.get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (302, new)
        assert by_alice.get(new).status_code == 200


def test_a_former_link_tells_nothing_to_those_who_may_not_see_it(
    by_charlie: Client, charlie: User, alice: User, renamed: Cluster, stopped: VirtualMachine
) -> None:
    assert by_charlie.get("/clusters/sim1/").status_code == 404
    assert by_charlie.get(f"/vms/sim1/{stopped.name}/").status_code == 404
    grant(charlie, stopped, by=alice, role="viewer")
    assert by_charlie.get(f"/vms/sim1/{stopped.name}/").status_code == 302
    assert by_charlie.get("/clusters/sim1/").status_code == 404


def test_two_renames_and_one_back(renamed: Cluster, alice: User, by_alice: Client) -> None:
    again = lifecycle.change_settings(renamed, by=alice, slug="sim1")
    assert [row.slug for row in FormerSlug.objects.all()] == ["west"]
    assert by_alice.get("/clusters/west/").headers["Location"] == again.get_absolute_url()


def test_a_short_name_of_another_cluster_is_refused(by_alice: Client, cluster: Cluster) -> None:
    Cluster.objects.create(slug="other", name="Other", url="https://other:5080")
    typed = {"name": "sim1", "slug": "other"}
    answer = by_alice.post(reverse("clusters:settings", args=["sim1"]), typed)
    assert (answer.status_code, "of that name already" in answer.content.decode()) == (422, True)


def test_what_is_changed_is_recorded_and_nothing_else(by_alice: Client, cluster: Cluster) -> None:
    page = reverse("clusters:settings", args=["sim1"])
    by_alice.post(page, {"name": "sim1", "slug": "sim1", "read_only": "on"})
    by_alice.post(page, {"name": "sim1", "slug": "sim1", "read_only": "on"})
    event = Event.objects.get(action="cluster.changed")
    assert (event.before, event.after) == ({"read_only": False}, {"read_only": True})


def test_nothing_is_changed_on_a_cluster_that_is_read_only_or_paused(
    cluster: Cluster, stopped: VirtualMachine, alice: User
) -> None:
    lifecycle.change_settings(cluster, by=alice, read_only=True)
    stopped = VirtualMachine.objects.get(pk=stopped.pk)
    with pytest.raises(Conflict, match="read-only"):
        request_job(by=alice, command=Start(), on=stopped)
    lifecycle.change_settings(cluster, by=alice, read_only=False)
    lifecycle.pause(cluster, by=alice)
    stopped = VirtualMachine.objects.get(pk=stopped.pk)
    with pytest.raises(Conflict, match="paused"):
        request_job(by=alice, command=Start(), on=stopped)
    lifecycle.resume(cluster, by=alice)
    request_job(by=alice, command=Start(), on=VirtualMachine.objects.get(pk=stopped.pk))


def test_a_pause_is_recorded_once_for_each_time(cluster: Cluster, alice: User) -> None:
    for _ in range(2):
        lifecycle.pause(cluster, by=alice)
    lifecycle.resume(cluster, by=alice)
    done = Event.objects.filter(action__in=["cluster.paused", "cluster.resumed"]).order_by("pk")
    assert [event.action for event in done] == ["cluster.paused", "cluster.resumed"]


def test_a_cluster_is_removed_and_ganeti_untouched(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    page = reverse("clusters:remove", args=["sim1"])
    asked = len(ganeti.requests)
    assert by_alice.post(page, {"typed": "sim"}).status_code == 422
    assert Cluster.objects.exists()
    assert by_alice.post(page, {"typed": "sim1"}).status_code == 302
    assert not Cluster.objects.exists()
    assert not VirtualMachine.objects.exists()
    assert len(ganeti.requests) == asked
    event = Event.objects.get(action="cluster.removed")
    assert event.before
    assert (event.target_name, event.before["machines"]) == ("sim1", 12)
    assert Event.objects.filter(action="cluster.added", cluster_name="sim1").exists()


def test_what_was_asked_for_is_not_forgotten_on_the_way(
    cluster: Cluster, stopped: VirtualMachine, alice: User
) -> None:
    request_job(by=alice, command=Start(), on=stopped)
    with pytest.raises(lifecycle.StillBusy, match="1 job asked for"):
        lifecycle.remove(cluster, by=alice)
    Job.objects.update(status="cancelled")
    lifecycle.remove(cluster, by=alice)


def test_an_administrator_of_the_cluster_cannot_remove_it(
    cluster: Cluster, alice: User, charlie: User
) -> None:
    grant(charlie, cluster, by=alice, role="admin")
    lifecycle.pause(cluster, by=charlie)
    with pytest.raises(Denied):
        lifecycle.remove(cluster, by=charlie)
