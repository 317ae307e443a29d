"""What failed is corrected and tried again, with all that was asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.hidden import unsealed
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in
from tests.vms.creation.paper import Form

pytestmark = pytest.mark.django_db

NAME = "new1.example.org"
Work = Callable[[Cluster], None]


@pytest.fixture
def system(cluster: Cluster, ganeti: SimulatedCluster) -> OperatingSystem:
    """One whose installer always stops, and that is told a password."""
    ganeti.config.operating_systems = {"labos": ["broken", "live"]}
    for variant in ("live", "broken"):
        OperatingSystem.objects.create(
            cluster=cluster,
            name=f"labos+{variant}",
            sort_name=f"labos+{variant}",
            parameters=[{"name": "message"}, {"name": "password", "visibility": "private"}],
        )
    return cluster.systems.get(name="labos+broken")


@pytest.fixture
def failed(by_charlie: Client, web: Project, system: OperatingSystem, work: Work, cluster: Cluster) -> Job:
    """A creation by Charlie of which Ganeti made the machine, but not its system."""
    form = Form(by_charlie).fill(name=NAME, os=system.name, disk_template="plain", notes="For the shop.")
    form.press("refresh")
    form.press("add", "disk")
    form.fill(disk__1__size_mib="20", os__message="hello", os__password="hunter2", size="medium", tags="x")
    form.press("settings", "show")
    form.fill(hv__vga="std")
    assert form.create().status_code == 302
    work(cluster)
    return Job.objects.get(command="create")


def test_the_jobs_page_leads_to_the_form_with_all_that_was_asked_for(
    by_charlie: Client, failed: Job, cluster: Cluster, work: Work
) -> None:
    address = f"/vms/new/?job={failed.pk}"
    page = by_charlie.get(failed.get_absolute_url()).content.decode()
    assert f'href="{address}"' in page
    again = Form(by_charlie, address)
    shown = {
        "name": NAME,
        "os": "labos+broken",
        "size": "medium",
        "disk_template": "plain",
        "disk-0-size_mib": "10",
        "disk-1-size_mib": "20",
        "os-message": "hello",
        "os-password": "",
        "hv-vga": "std",
        "tags": "x",
        "notes": "For the shop.",
    }
    assert {name: again.fields[name] for name in shown} == shown
    assert "hunter2" not in again.page
    again.fill(name="new2.example.org", os="labos+live")
    assert again.create().status_code == 302
    second = Job.objects.get(target_name="new2.example.org")
    changed = {name for name in second.params if second.params[name] != failed.params[name]}
    assert changed == {"os"}
    assert unsealed(second.sealed)["private"] == {"password": "hunter2"}
    work(cluster)
    assert Job.objects.get(pk=second.pk).status == Status.DONE


def test_what_nobody_may_read_is_used_again_by_who_typed_it_alone(
    alice: User, failed: Job, cluster: Cluster, web: Project
) -> None:
    member = User.objects.create_user("omar")
    add_member(web, "omar", by=alice)
    again = Form(signed_in(member), f"/vms/new/?job={failed.pk}")
    again.fill(name="new2.example.org").create()
    second = Job.objects.get(target_name="new2.example.org")
    assert (second.sealed, second.params["hidden_osparams"]) == ("", {})


def test_a_job_that_one_may_not_see_fills_no_form(failed: Job) -> None:
    stranger = signed_in(User.objects.create_user("zoe"))
    for address in (f"?job={failed.pk}", "?job=0", "?job=x", "?job=9" + "9" * 30, "?batch=nothing"):
        assert stranger.get(f"/vms/new/{address}").status_code == 404


def test_a_half_made_machine_says_what_can_be_done(by_charlie: Client, failed: Job) -> None:
    vm = VirtualMachine.objects.get(name=NAME)
    page = by_charlie.get(vm.get_absolute_url()).content.decode()
    assert "It was made, but its system could not be installed" in page
    assert f"/vms/new/?job={failed.pk}" in page
    for verb in ("reinstall", "remove"):
        assert f'class="btn btn-sm" href="{vm.get_absolute_url()}-/{verb}/"' in page


def test_while_the_half_made_one_is_there_its_name_is_taken(by_charlie: Client, failed: Job) -> None:
    again = Form(by_charlie, f"/vms/new/?job={failed.pk}")
    assert again.create().status_code == 422
    assert f"sim1 has a machine named {NAME} already." in again.page


def test_what_ganeti_would_not_make_is_opened_again_from_its_answer(
    by_charlie: Client, web: Project, cluster: Cluster, work: Work
) -> None:
    form = Form(by_charlie).fill(name=NAME, os="noop", notes="Kept.")
    form.press("check")
    job = Job.objects.get(command="check-creation")
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED)
    assert Form(by_charlie, f"/vms/new/?job={job.pk}").fields["notes"] == "Kept."
