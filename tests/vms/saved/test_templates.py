from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.models import MachineTemplate, VirtualMachine
from ganeti_webmgr.vms.saved.fitting import Estate
from ganeti_webmgr.vms.saved.services import (
    NobodysTemplate,
    change_template,
    delete_template,
    of_machine,
    save_template,
)
from tests.estate import signed_in
from tests.vms.creation.paper import Form, Paper

pytestmark = pytest.mark.django_db

PLAN = Blueprint(
    os="debootstrap+trixie",
    hypervisor="kvm",
    vcpus=2,
    memory_mib=4096,
    memory_min_mib=4096,
    disk_template="plain",
    disks=(Disk(size_mib=20480, name="root"),),
    nics=(Nic(mac="aa:00:00:00:00:01", ip="198.51.100.7"),),
    hvparams={"vga": "std"},
    osparams={"filesystem": "ext4"},
    hidden_osparams={"root_password": "private"},
    tags=("web",),
    notes="For the shop.",
)


@pytest.fixture
def saved(charlie: User, web: Project) -> MachineTemplate:
    return save_template(by=charlie, name="Web server", plan=PLAN, owner=web, cluster=None)


def published(alice: User, cluster: Cluster, **plan: Any) -> MachineTemplate:
    return save_template(
        by=alice, name="Everybody's", plan=Blueprint(**{**vars(PLAN), **plan}), owner=None, cluster=cluster
    )


def test_what_is_one_machines_alone_is_not_in_a_template(saved: MachineTemplate) -> None:
    plan = Blueprint.of(saved.blueprint)
    assert (plan.nics, plan.hidden_osparams) == ((Nic(),), {})
    assert (plan.os, plan.disks, plan.hvparams, plan.tags) == (PLAN.os, PLAN.disks, PLAN.hvparams, ("web",))


def test_the_form_is_saved_and_used_again(by_charlie: Client, web: Project, cluster: Cluster) -> None:
    form = Form(by_charlie).fill(os="debootstrap+trixie", disk_template="plain", size="large", tags="web")
    form.press("settings", "show")
    form.fill(hv__vga="std")
    naming = form.press("save").content.decode()
    assert "Save template" in naming
    assert not MachineTemplate.objects.exists()
    paper = Paper(naming.replace('action="/templates/new/"', 'id="new"'))
    answer = by_charlie.post("/templates/new/", {**paper.fields, "name": "Web server", "save": "1"})
    template = MachineTemplate.objects.get()
    assert answer.headers["Location"] == template.get_absolute_url()
    assert (template.owner, template.cluster) == (web, cluster)
    page = by_charlie.get(template.get_absolute_url()).content.decode()
    assert "debootstrap+trixie" in page
    again = Form(by_charlie, f"/vms/new/?template={template.pk}")
    assert (again.fields["size"], again.fields["tags"], again.fields["hv-vga"]) == ("large", "web", "std")
    assert again.fill(name="a b").create().status_code == 302
    first, second = Job.objects.filter(command="create")
    assert first.params == second.params
    assert first.params["hvparams"] == {"vga": "std"}


def test_a_form_with_something_wrong_in_it_is_not_saved(by_charlie: Client, web: Project) -> None:
    form = Form(by_charlie).fill(os="noop", disk__0__size_mib="much")
    assert form.press("save").status_code == 422
    assert "Write a size as" in form.page


def test_a_plan_that_we_did_not_write_is_not_taken(by_charlie: Client, web: Project) -> None:
    answer = by_charlie.post("/templates/new/", {"plan": "made-up", "name": "x", "owner": "web", "save": "1"})
    assert answer.status_code == 404


def test_a_machine_becomes_a_template(
    by_alice: Client, alice: User, web: Project, running: VirtualMachine
) -> None:
    plan = of_machine(running)
    assert (plan.os, plan.vcpus, plan.memory_mib) == (running.os, running.vcpus, running.memory_mib)
    assert sum(disk.size_mib for disk in plan.disks) == running.disk_mib
    assert len(plan.nics) == len(running.details["nics"])
    assert not any(nic.mac for nic in plan.nics)
    assert not any(tag.startswith("gwm:") for tag in plan.tags)
    assert f"/templates/new/?vm={running.pk}" in by_alice.get(running.get_absolute_url()).content.decode()
    page = by_alice.get(f"/templates/new/?vm={running.pk}").content.decode()
    assert f"As {running.name}" in page
    assert by_alice.get("/templates/new/?vm=999999").status_code == 404


def test_a_template_is_copied(by_charlie: Client, saved: MachineTemplate) -> None:
    page = by_charlie.get(f"/templates/new/?copy={saved.pk}").content.decode()
    paper = Paper(page.replace('action="/templates/new/"', 'id="new"'))
    assert paper.fields["name"] == "Web server, copy"
    answer = by_charlie.post("/templates/new/", {**paper.fields, "save": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    first, second = MachineTemplate.objects.order_by("pk")
    assert (first.blueprint, second.owner) == (second.blueprint, first.owner)


def test_members_see_it_and_who_made_it_and_leads_change_it(
    alice: User,
    charlie: User,
    saved: MachineTemplate,
    web: Project,
) -> None:
    member, stranger = (User.objects.create_user(name) for name in ("omar", "zoe"))
    add_member(web, "omar", by=alice)
    lead = User.objects.create_user("lena")
    add_member(web, "lena", by=alice, role="lead")
    seen = {user for user in (charlie, member, lead, stranger) if policy.may(user, "view", saved)}
    assert seen == {charlie, member, lead}
    changed = {user for user in (charlie, member, lead, stranger) if policy.may(user, "edit", saved)}
    assert changed == {charlie, lead}
    with pytest.raises(policy.Denied):
        change_template(saved, by=member, name="Mine")
    with pytest.raises(policy.Denied):
        delete_template(saved, by=member)
    assert signed_in(stranger).get(saved.get_absolute_url()).status_code == 404
    assert signed_in(stranger).get(f"/vms/new/?template={saved.pk}").status_code == 404


def test_a_published_one_is_for_those_who_may_deploy_there(
    alice: User,
    charlie: User,
    web: Project,
    cluster: Cluster,
) -> None:
    template = published(alice, cluster)
    stranger = User.objects.create_user("zoe")
    assert policy.may(charlie, "view", template)  # through the project
    assert not policy.may(charlie, "edit", template)
    assert not policy.may(stranger, "view", template)
    grant(stranger, cluster, by=alice, role="admin")
    assert policy.may(stranger, "edit", template)


def test_nobody_publishes_where_he_does_not_decide(charlie: User, web: Project, cluster: Cluster) -> None:
    with pytest.raises(policy.Denied):
        save_template(by=charlie, name="x", plan=PLAN, owner=None, cluster=cluster)
    with pytest.raises(NobodysTemplate):
        save_template(by=charlie, name="x", plan=PLAN, owner=None, cluster=None)
    stranger = User.objects.create_user("zoe")
    with pytest.raises(policy.Denied):
        save_template(by=stranger, name="x", plan=PLAN, owner=web, cluster=None)


def test_what_an_administrator_published_may_reach_into_nodes_there_and_nowhere_else(
    alice: User,
    by_charlie: Client,
    web: Project,
    cluster: Cluster,
) -> None:
    other = Cluster.objects.create(
        slug="other", name="Other", url="https://other.example.org", info=cluster.info
    )
    OperatingSystem.objects.create(cluster=other, name="debootstrap+trixie", sort_name="x")
    grant(web.group, other, by=alice, role="deployer")
    template = published(alice, cluster, hvparams={"cdrom_image_path": "/srv/tools.iso"})
    form = Form(by_charlie, f"/vms/new/?template={template.pk}")
    assert "/srv/tools.iso" in form.page
    form.fill(name="one").create()
    form = Form(by_charlie, f"/vms/new/?template={template.pk}")
    form.fill(cluster="other").press("refresh")
    form.fill(name="two").create()
    made = {job.target_name: job.params["hvparams"] for job in Job.objects.filter(command="create")}
    assert made == {"one": {"cdrom_image_path": "/srv/tools.iso"}, "two": {}}


def test_what_a_member_saved_gives_nobody_more_than_he_may(
    charlie: User,
    by_charlie: Client,
    web: Project,
) -> None:
    plan = Blueprint(**{**vars(PLAN), "hvparams": {"kvm_extra": "-chardev anything", "vga": "std"}})
    template = save_template(by=charlie, name="Trick", plan=plan, owner=web, cluster=None)
    Form(by_charlie, f"/vms/new/?template={template.pk}").fill(name="one").create()
    assert Job.objects.get(command="create").params["hvparams"] == {"vga": "std"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"os": "debootstrap+buster"}, "it has no system debootstrap+buster"),
        ({"hypervisor": "xen-pvm"}, "Xen PVM is not enabled"),
        ({"disk_template": "rbd"}, "disks of the kind RBD are not enabled"),
        ({"nics": (Nic(network="gone"),)}, "it has no network gone"),
        ({"group": "gone"}, "it has no group gone"),
        ({"primary_node": "gone"}, "gone is not there for machines"),
        ({"memory_mib": 4_000_000}, "no node has 3.8 TiB"),
        ({"vcpus": 99}, "The group default allows 8 vCPUs at most"),
    ],
)
def test_a_template_that_its_cluster_cannot_satisfy_any_more_says_what_is_wrong(
    alice: User,
    by_charlie: Client,
    web: Project,
    cluster: Cluster,
    change: dict[str, Any],
    words: str,
) -> None:
    good = published(alice, cluster)
    bad = published(alice, cluster, **change)
    (fit,) = Estate([cluster]).fits(Blueprint.of(bad.blueprint))
    assert words in fit.text
    listed = by_charlie.get("/templates/").content.decode()
    assert listed.count("No longer") == 1
    assert words in by_charlie.get(bad.get_absolute_url()).content.decode()
    assert "Not any more" not in by_charlie.get(good.get_absolute_url()).content.decode()


def test_a_template_is_renamed_moved_and_deleted_and_all_is_recorded(
    by_charlie: Client, saved: MachineTemplate, cluster: Cluster
) -> None:
    typed = {"name": "Server", "description": "With nginx", "owner": "web", "cluster": "sim1"}
    assert by_charlie.post(f"{saved.get_absolute_url()}-/edit/", typed).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.description, saved.cluster) == ("Server", "With nginx", cluster)
    assert by_charlie.post(f"{saved.get_absolute_url()}-/delete/").status_code == 302
    assert not MachineTemplate.objects.exists()
    actions = (
        Event.objects.filter(target_kind="machinetemplate").order_by("pk").values_list("action", flat=True)
    )
    assert list(actions) == ["template.made", "template.changed", "template.removed"]


def test_what_a_template_asks_for_is_changed_in_the_form(
    alice: User, by_charlie: Client, saved: MachineTemplate, web: Project
) -> None:
    form = Form(by_charlie, f"/vms/new/?template={saved.pk}").fill(size="large", tags="web fast")
    assert form.press("save", "over").headers["Location"] == saved.get_absolute_url()
    saved.refresh_from_db()
    plan = Blueprint.of(saved.blueprint)
    assert (plan.memory_mib, plan.tags, plan.os) == (8192, ("web", "fast"), PLAN.os)
    member = User.objects.create_user("omar")
    add_member(web, "omar", by=alice)
    other = Form(signed_in(member), f"/vms/new/?template={saved.pk}")
    assert ("save", "over") not in other.buttons
    other.buttons.append(("save", "over"))
    assert other.press("save", "over").status_code == 403


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"description": "x" * 2001}, "at most 2000 characters"),
        ({"owner": "nowhere"}, "nowhere is not one of the available choices"),
        ({"owner": "*"}, "* is not one of the available choices"),
        ({"cluster": "nowhere"}, "nowhere is not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    by_charlie: Client, saved: MachineTemplate, typed: dict[str, str], words: str
) -> None:
    good = {"name": "Server", "description": "", "owner": "web", "cluster": ""}
    answer = by_charlie.post(f"{saved.get_absolute_url()}-/edit/", {**good, **typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_publishing_needs_a_cluster(by_alice: Client, saved: MachineTemplate) -> None:
    typed = {"name": "Server", "owner": "*", "cluster": ""}
    answer = by_alice.post(f"{saved.get_absolute_url()}-/edit/", typed)
    assert "choose that one" in answer.content.decode()


def test_the_list_is_narrowed(by_charlie: Client, saved: MachineTemplate) -> None:
    assert "Web server" in by_charlie.get("/templates/?q=web").content.decode()
    assert "No template matches" in by_charlie.get("/templates/?q=mail").content.decode()
