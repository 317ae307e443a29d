from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.clusters.models import Cluster, natural
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import told

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "") -> list[str]:
    """The machines that the list shows, in its order."""
    answer = client.get(f"/vms/{query}")
    assert answer.status_code == 200
    return [line.vm.name for line in answer.context["lines"]]


def test_the_list_shows_every_machine_with_its_state(cluster: Cluster, by_alice: Client) -> None:
    page = by_alice.get("/vms/").content.decode()
    for vm in cluster.vms.all():
        assert vm.name in page


def test_numbers_in_names_sort_as_numbers(cluster: Cluster, by_alice: Client) -> None:
    first, second, third = cluster.vms.order_by("pk")[:3]
    for vm, name in ((first, "vm10.example.org"), (second, "vm2.example.org"), (third, "vm1.example.org")):
        told(vm, name=name, sort_name=natural(name))
    assert names(by_alice, "?q=vm") == ["vm1.example.org", "vm2.example.org", "vm10.example.org"]


def test_the_list_is_narrowed_by_text_cluster_node_status_and_tag(cluster: Cluster, by_alice: Client) -> None:
    vm = cluster.vms.select_related("primary_node").filter(status="running").order_by("sort_name")[0]
    told(vm, tag_lines="\nprecious\n")
    assert vm.primary_node
    assert names(by_alice, f"?q={vm.name}") == [vm.name]
    assert names(by_alice, "?tag=precious") == [vm.name]
    assert names(by_alice, "?tag=preciou") == []
    assert set(names(by_alice, "?status=running")) == set(
        cluster.vms.filter(status="running").values_list("name", flat=True)
    )
    assert set(names(by_alice, f"?node={vm.primary_node.name}")) >= {vm.name}
    assert len(names(by_alice, "?cluster=sim1")) == cluster.vms.count()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?cluster=nowhere", "There is no such cluster"),
        ("?status=happy", "There is no status “happy”"),
        ("?page=-1", "There is no page “-1”"),
        ("?page=9999", "There is no page “9999”"),
        ("?page=last", "There is no page “last”"),
        ("?sort=colour", "cannot be sorted by “colour”"),
        ("?status=%3Cscript%3E", "There is no status “&lt;script&gt;”"),
        ("?node=nowhere.example.org", "There is no node"),
    ],
)
def test_what_makes_no_sense_in_the_address_is_told_in_words(
    cluster: Cluster, by_alice: Client, query: str, words: str
) -> None:
    answer = by_alice.get(f"/vms/{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_odd_bytes_in_the_address_break_nothing(cluster: Cluster, by_alice: Client) -> None:
    for query in (
        "?q=%00",
        "?q=%ff",
        "?tag=%00&node=%00",
        "?sort=",
        "?page=",
        "?q=" + "a" * 3000,
        "?cluster=%00",
    ):
        assert by_alice.get(f"/vms/{query}").status_code in {200, 400}, query


def test_the_page_of_a_machine_shows_what_it_is_made_of(
    by_alice: Client, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    page = by_alice.get(running.get_absolute_url()).content.decode()
    for nic in running.details["nics"]:
        assert nic["mac"] in page
    assert running.uuid in page
    assert running.os in page
    assert "Shut down" in page


def test_a_button_asks_for_the_command_and_comes_back_to_the_machine(
    by_alice: Client, stopped: VirtualMachine
) -> None:
    answer = by_alice.post(f"{stopped.get_absolute_url()}-/start/")
    assert (answer.status_code, answer.headers["Location"]) == (302, stopped.get_absolute_url())
    job = Job.objects.get(vm=stopped, command="start")
    assert job.status == Status.REQUESTED
    page = by_alice.get(stopped.get_absolute_url()).content.decode()
    assert "Starting" in page
    assert f"Waits: job {job.pk} is starting this machine" in page


def test_while_a_job_is_open_nothing_else_is_sent(by_alice: Client, stopped: VirtualMachine) -> None:
    by_alice.post(f"{stopped.get_absolute_url()}-/start/")
    answer = by_alice.post(f"{stopped.get_absolute_url()}-/force-stop/")
    assert answer.status_code == 409
    assert "is starting this machine" in answer.content.decode()
    assert Job.objects.filter(vm=stopped).open().count() == 1


def test_what_failed_lately_is_told_on_the_page_of_the_machine_until_something_newer_happens(
    by_alice: Client, stopped: VirtualMachine
) -> None:
    def page() -> str:
        return by_alice.get(stopped.get_absolute_url()).content.decode()

    def ended(status: Status, *, hours_ago: int) -> None:
        at = timezone.now() - timedelta(hours=hours_ago)
        Job.objects.create(
            cluster=stopped.cluster, vm=stopped, command="start", origin="bob", status=status, ended_at=at
        )
        Job.objects.filter(error="").update(error="No room on any node")

    ended(Status.FAILED, hours_ago=25)
    assert "No room on any node" not in page()
    ended(Status.FAILED, hours_ago=1)
    assert "No room on any node" in page()
    ended(Status.DONE, hours_ago=0)
    assert "No room on any node" not in page()


def test_nothing_is_changed_by_looking(by_alice: Client, stopped: VirtualMachine) -> None:
    assert by_alice.get(f"{stopped.get_absolute_url()}-/start/").status_code == 200
    assert not Job.objects.filter(vm=stopped).open().exists()


@pytest.mark.parametrize("typed", ["-5", "99999", "soon"])
def test_a_time_limit_that_makes_no_sense_is_told_and_kept(
    by_alice: Client, running: VirtualMachine, typed: str
) -> None:
    answer = by_alice.post(f"{running.get_absolute_url()}-/shut-down/", {"timeout_s": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{typed}"' in page
    assert not Job.objects.filter(vm=running).open().exists()


def test_a_post_without_the_token_of_the_page_does_nothing(alice: object, stopped: VirtualMachine) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)  # type: ignore[arg-type]
    answer = strict.post(f"{stopped.get_absolute_url()}-/start/")
    assert answer.status_code == 403
    assert not Job.objects.filter(vm=stopped).open().exists()


def test_somebody_who_was_given_nothing_sees_nothing(by_charlie: Client, stopped: VirtualMachine) -> None:
    assert names(by_charlie) == []
    page = by_charlie.get("/vms/?cluster=sim1").content.decode()
    assert "sim1.example.org" not in page
    assert by_charlie.get(stopped.get_absolute_url()).status_code == 404
    assert by_charlie.post(f"{stopped.get_absolute_url()}-/start/").status_code == 404
    assert not Job.objects.filter(vm=stopped).open().exists()


def test_a_machine_of_another_cluster_is_not_found_under_this_one(
    by_alice: Client, stopped: VirtualMachine
) -> None:
    assert by_alice.get(f"/vms/elsewhere/{stopped.name}/").status_code == 404
    assert by_alice.get(f"{stopped.get_absolute_url()}-/dance/").status_code == 404


def test_a_machine_that_is_gone_is_shown_as_such(by_alice: Client, stopped: VirtualMachine) -> None:
    VirtualMachine.objects.filter(pk=stopped.pk).update(missing_since=timezone.now())
    assert "Not on the cluster" in by_alice.get(stopped.get_absolute_url()).content.decode()
    assert names(by_alice, "?status=missing") == [stopped.name]


def test_htmx_gets_the_content_alone(by_alice: Client, stopped: VirtualMachine) -> None:
    whole = by_alice.get(stopped.get_absolute_url()).content.decode()
    part = by_alice.get(stopped.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert stopped.name in part


def test_the_page_of_a_silent_cluster_says_since_when(
    by_alice: Client, cluster: Cluster, stopped: VirtualMachine
) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(
        trouble="unreachable", trouble_since=timezone.now(), failures=3, last_error="No connection"
    )
    page = by_alice.get(stopped.get_absolute_url()).content.decode()
    assert re.search(r"sim1\s+has not answered since|does not answer", page)
