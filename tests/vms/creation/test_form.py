"""The form without script: opened, filled, sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.forms import BooleanField
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.devices import DiskForm, NicForm
from ganeti_webmgr.vms.creation.form import CreationForm
from ganeti_webmgr.vms.models import VirtualMachine
from tests.bench.statements import counted
from tests.vms.creation.paper import Form

pytestmark = pytest.mark.django_db

NAME = "new1.example.org"
Work = Callable[[Cluster], None]


@pytest.fixture
def form(by_charlie: Client, web: Project) -> Form:
    """The form in Charlie's browser, filled with what is needed at least."""
    return Form(by_charlie).fill(name=NAME, os="debootstrap+trixie", disk_template="plain")


def asked_for() -> Blueprint:
    """What the only creation asks for."""
    return Blueprint.of(Job.objects.get(command="create").params)


def wrong(form: Form, words: str) -> None:
    """The form comes back with these words at a field, nothing was asked for, and what was typed is kept."""
    answer = form.create()
    assert answer.status_code == 422
    assert words in form.page, [part.errors for part in answer.context["asked"].parts]
    assert f'value="{NAME}"' in form.page or form.fields["name"] != NAME
    assert not Job.objects.filter(command="create").exists()


def test_a_machine_is_asked_for_with_a_name_and_a_system(form: Form, work: Work, cluster: Cluster) -> None:
    answer = form.create()
    job = Job.objects.get(command="create")
    assert (answer.status_code, answer.headers["Location"]) == (302, job.get_absolute_url())
    plan = asked_for()
    assert (plan.os, plan.hypervisor, plan.disk_template) == ("debootstrap+trixie", "kvm", "plain")
    assert (plan.vcpus, plan.memory_mib, [disk.size_mib for disk in plan.disks]) == (1, 2048, [10240])
    assert plan.hvparams == {}
    work(cluster)
    assert VirtualMachine.objects.get(name=NAME).owner == job.owner


def test_everything_on_it_is_asked_for(form: Form, by_alice: Client, cluster: Cluster) -> None:
    network = cluster.networks.earliest("sort_name")
    first, second = cluster.nodes.order_by("sort_name")[:2]
    form = Form(by_alice).fill(name="a.example.org b.example.org", os="noop", project="web")
    form.fill(disk_template="drbd", placement="nodes").press("refresh")
    form.press("add", "disk")
    form.press("add", "nic")
    form.fill(
        size="own",
        vcpus=3,
        memory_mib="3",
        memory_min_mib="1.5 GiB",
        disk__0__name="root",
        disk__0__vg="fast",
        disk__1__size_mib="2T",
        disk__1__mode="ro",
        nic__0__network=network.name,
        nic__1__mode="openvswitch",
        nic__1__link="switch1",
        nic__1__vlan=".12:10:20",
        primary_node=first.name,
        secondary_node=second.name,
        tags="precious web",
        notes="For the shop.",
        auto_balance="false",
        name_check="on",
        ip_check="on",
        ignore_policy="on",
        over_quota="on",
    ).without("start", "wait_for_sync")
    form.press("add", "osp")
    form.fill(osp__0__name="greeting", osp__0__value="hello world")
    form.press("settings", "show")
    form.fill(hv__disk_cache="writeback", hv__acpi="false", hv__kvm_extra="-foo")
    assert form.create().status_code == 302, [part.errors for part in form.answer.context["asked"].parts]
    job, other = Job.objects.filter(command="create").order_by("pk")
    assert job.params == other.params
    assert (job.target_name, other.target_name, job.batch) == ("a.example.org", "b.example.org", other.batch)
    plan = Blueprint.of(job.params)
    assert (plan.vcpus, plan.memory_mib, plan.memory_min_mib) == (3, 3072, 1536)
    assert [(disk.size_mib, disk.name, disk.vg, disk.mode) for disk in plan.disks] == [
        (10240, "root", "fast", "rw"),
        (2 * 1024 * 1024, "", "", "ro"),
    ]
    assert (plan.nics[0].network, plan.nics[0].ip) == (network.name, "pool")
    assert (plan.nics[1].mode, plan.nics[1].link, plan.nics[1].vlan) == (
        "openvswitch",
        "switch1",
        ".12:10:20",
    )
    assert (plan.primary_node, plan.secondary_node, plan.allocator) == (first.name, second.name, "")
    assert (plan.start, plan.install, plan.wait_for_sync) == (False, True, False)
    assert (plan.name_check, plan.ip_check, plan.ignore_policy) == (True, True, True)
    assert plan.tags == ("precious", "web")
    assert plan.notes == "For the shop."
    assert plan.beparams == {"auto_balance": False}
    assert plan.hvparams == {"disk_cache": "writeback", "acpi": False, "kvm_extra": "-foo"}
    assert plan.osparams == {"greeting": "hello world"}


WRONG: list[tuple[dict[str, str], str]] = [
    ({"project": "nowhere"}, "There is no such project"),
    ({"cluster": "nowhere"}, "You may not make machines of this project there"),
    ({"name": ""}, "Enter a name."),
    ({"name": "two..dots"}, "has a dot too many"),
    ({"name": "-dash.example.org"}, "“-dash” cannot be in a name"),
    ({"name": "ünï.example.org"}, "cannot be in a name"),
    ({"name": "x" * 64}, "cannot be in a name"),
    ({"name": "web[1-3"}, "A bracket has no other half"),
    ({"name": "web[3-1]"}, "counts down"),
    ({"name": "web[]"}, "Between the brackets stand numbers"),
    ({"name": "web[1-101]"}, "more than 100 machines"),
    ({"name": "a a"}, "a stands there twice"),
    ({"os": ""}, "Choose an operating system."),
    ({"os": "amiga+3"}, "The cluster does not have it any more"),
    ({"hypervisor": "xen-pvm"}, "xen-pvm is not one of the available choices"),
    ({"size": "huge"}, "huge is not one of the available choices"),
    ({"size": "own", "vcpus": ""}, "Enter a number."),
    ({"size": "own", "vcpus": "0"}, "greater than or equal to 1"),
    ({"size": "own", "vcpus": "many"}, "Enter a whole number."),
    ({"size": "own", "vcpus": "9"}, "The group default allows 8 vCPUs at most"),
    ({"size": "own", "memory_mib": ""}, "Enter a size."),
    ({"size": "own", "memory_mib": "lots"}, "Write a size as 4, 1.5, 512 MiB or 2 TiB."),
    ({"size": "own", "memory_mib": "33"}, "The group default allows 32 GiB at most"),
    ({"size": "own", "memory_mib": "64 MiB"}, "The group default wants 128 MiB at least"),
    ({"size": "own", "memory_mib": "9999"}, "No node has that much."),
    ({"size": "own", "memory_mib": "2", "memory_min_mib": "3"}, "more than it may have at most, 2 GiB"),
    ({"size": "own", "memory_mib": "2", "memory_min_mib": "lots"}, "Write a size as"),
    ({"disk_template": "rbd"}, "rbd is not one of the available choices"),
    ({"disk-0-size_mib": ""}, "Enter a size."),
    ({"disk-0-size_mib": "big"}, "Write a size as"),
    ({"disk-0-size_mib": "2 TiB"}, "The group default allows 1 TiB at most"),
    ({"disk-0-size_mib": "0.5"}, "The group default wants 1 GiB at least"),
    ({"disk-0-name": "none"}, "not only digits"),
    ({"disk-0-name": "a b"}, "not only digits"),
    ({"disk-0-vg": "a b"}, "This cannot be the name of a volume group."),
    ({"disk_template": "drbd", "disk-0-metavg": "a b"}, "This cannot be the name of a volume group."),
    ({"disk-0-mode": "wo"}, "wo is not one of the available choices"),
    ({"disk-rows": "0"}, "Add a disk, or choose a machine without disks."),
    ({"disk-rows": "2", "disk-1-size_mib": "", "disk-1-mode": "rw"}, "Enter a size."),
    ({"nic-0-network": "nowhere"}, "nowhere is not one of the available choices"),
    ({"nic-0-ip": "256.1.1.1"}, "This is no IP address."),
    ({"nic-0-ip": "pool"}, "choose the network"),
    ({"nic-0-mac": "aa:bb"}, "Write a MAC address as"),
    ({"nic-0-mac": "ab:00:00:00:00:01"}, "This is an address of many."),
    ({"nic-0-mode": "wireless"}, "wireless is not one of the available choices"),
    ({"nic-0-mode": "bridged"}, "Only administrators of the cluster may set it."),
    ({"nic-0-link": "br0"}, "Only administrators of the cluster may set it."),
    ({"nic-0-vlan": "12"}, "Only administrators of the cluster may set it."),
    ({"nic-0-link": "br 0"}, "This cannot be the name of a bridge"),
    ({"nic-0-vlan": "4095"}, "up to 4094"),
    ({"nic-0-vlan": "twelve"}, "up to 4094"),
    ({"nic-0-name": "7"}, "not only digits"),
    ({"placement": "moon"}, "moon is not one of the available choices"),
    ({"placement": "group", "group": ""}, "Choose a group."),
    ({"placement": "group", "group": "nowhere"}, "nowhere is not one of the available choices"),
    ({"placement": "nodes", "primary_node": ""}, "Choose a node."),
    ({"placement": "nodes", "primary_node": "nowhere"}, "nowhere is not one of the available choices"),
    (
        {"placement": "nodes", "disk_template": "drbd", "secondary_node": "nowhere"},
        "nowhere is not one of the available choices",
    ),
    ({"allocator": "a b"}, "This cannot be the name of an allocator."),
    ({"ip_check": "on"}, "This needs the check above."),
    ({"disk_template": "file", "file_storage_dir": "/etc"}, "Enter a directory below the cluster"),
    ({"disk_template": "file", "file_storage_dir": "a/../b"}, "Enter a directory below the cluster"),
    ({"disk_template": "file", "file_driver": "tape"}, "tape is not one of the available choices"),
    ({"tags": "a tag,with"}, "cannot be a tag"),
    ({"tags": "gwm:owner:mail"}, "begin with “gwm:” cannot be typed"),
    ({"tags": "ganetimgr:group:Mail"}, "begin with “ganetimgr:group:” cannot be typed"),
    ({"tags": "GANETI_WEB_MANAGER:admin:U:1"}, "begin with “GANETI_WEB_MANAGER:” cannot be typed"),
    ({"tags": " ".join(map(str, range(51)))}, "more than 50 tags"),
    ({"notes": "x" * 5001}, "at most 5000 characters"),
    ({"auto_balance": "perhaps"}, "perhaps is not one of the available choices"),
    ({"always_failover": "perhaps"}, "perhaps is not one of the available choices"),
    ({"osp-rows": "1", "osp-0-name": "a b", "osp-0-visibility": "public"}, "Use letters, digits"),
    ({"osp-rows": "1", "osp-0-value": "x", "osp-0-visibility": "public"}, "Use letters, digits"),
    ({"osp-rows": "1", "osp-0-name": "a", "osp-0-visibility": "odd"}, "odd is not one of the available"),
    (
        {
            "osp-rows": "2",
            **{f"osp-{n}-name": "a" for n in range(2)},
            **{f"osp-{n}-visibility": "public" for n in range(2)},
        },
        "a stands above already.",
    ),
]


def test_what_does_not_fit_is_said_at_its_field_and_the_form_is_kept(form: Form) -> None:
    good = dict(form.fields)
    surprises = {}
    for typed, words in WRONG:
        form.fields = {**good, "notes": "Kept.", **typed}
        answer = form.create()
        page = answer.content.decode()
        kept = form.fields.get("notes") == typed.get("notes", "Kept.")
        if answer.status_code != 422 or words not in page or not kept:
            parts = answer.context["asked"].parts if answer.context else []
            surprises[str(typed)] = words, answer.status_code, kept, [part.errors for part in parts]
    assert surprises == {}
    assert not Job.objects.filter(command="create").exists()


DISK = ("size_mib", "name", "mode", "vg", "metavg")


def test_no_field_is_left_out_of_what_does_not_fit() -> None:
    """Ticks cannot be wrong by themselves; disks of other templates have tests of their own."""
    tried = {name for typed, _ in WRONG for name in typed}
    fields = dict(CreationForm.base_fields)
    fields |= {f"nic-0-{name}": field for name, field in NicForm.base_fields.items()}
    fields |= {f"disk-0-{name}": DiskForm.base_fields[name] for name in DISK}
    can_be_wrong = {name for name, field in fields.items() if not isinstance(field, BooleanField)}
    assert can_be_wrong - tried == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"nic-0-ip": "203.0.113.7"}, "is not in"),
        ({"nic-0-mode": "bridged"}, "The network says this."),
        ({"nic-0-link": "br0"}, "The network says this."),
        ({"nic-0-vlan": "1"}, "The network says this."),
    ],
)
def test_what_a_network_says_is_not_said_again(
    form: Form, cluster: Cluster, typed: dict[str, str], words: str
) -> None:
    form.fill(nic__0__network=cluster.networks.earliest("sort_name").name)
    form.fields.update(typed)
    wrong(form, words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"nic-0-mode": "routed"}, "A routed interface needs an address."),
        ({"nic-0-mode": "routed", "nic-0-ip": "198.51.100.1", "nic-0-vlan": "3"}, "has no VLAN"),
    ],
)
def test_what_an_administrator_connects_by_hand_has_to_fit(
    form: Form, by_alice: Client, typed: dict[str, str], words: str
) -> None:
    own = Form(by_alice).fill(name=NAME, os="noop", project="web", disk_template="plain")
    own.fields.update(typed)
    wrong(own, words)


def test_a_network_without_room_or_connection_is_not_taken(form: Form, cluster: Cluster) -> None:
    network = cluster.networks.earliest("sort_name")
    form.fill(nic__0__network=network.name)
    type(network).objects.filter(pk=network.pk).update(free_count=0)
    wrong(form, "has no free address")
    type(network).objects.filter(pk=network.pk).update(free_count=5, details={"connections": []})
    wrong(form, "is connected to no group of nodes")


def test_an_address_in_a_network_belongs_to_it(form: Form, cluster: Cluster) -> None:
    network = cluster.networks.earliest("sort_name")
    inside = network.cidr.split("/")[0].rsplit(".", 1)[0] + ".77"
    wrong(form.fill(nic__0__ip=inside), "Choose that network.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"hv-disk_cache": "warm"}, "Choose one of: default, none"),
        ({"hv-virtio_net_queues": "9"}, "Enter 8 or less."),
        ({"hv-virtio_net_queues": ""}, "Enter a whole number."),
        ({"hv-acpi": "perhaps"}, "Choose on or off."),
        ({"hv-boot_order": ""}, "This may not be empty."),
        ({"hv-serial_speed": "1"}, "Choose one of: 75"),
    ],
)
def test_settings_of_the_hypervisor_are_looked_at_too(form: Form, typed: dict[str, str], words: str) -> None:
    form.press("settings", "show")
    form.fields.update(typed)
    wrong(form, words)


def test_only_what_was_changed_is_sent_and_what_reaches_into_nodes_is_not_for_all(form: Form) -> None:
    form.press("settings", "show")
    assert "hv-kvm_extra" not in form.fields
    assert "only administrators of the cluster may set it" in form.page
    assert "One value for the whole cluster." in form.page
    form.fill(hv__vga="std", hv__kvm_extra="-chardev anything").create()
    assert asked_for().hvparams == {"vga": "std"}


def test_settings_of_another_hypervisor_are_not_taken_for_those_of_this_one(form: Form) -> None:
    form.press("settings", "show")
    form.fill(hv__vga="std", hypervisor="fake")
    wrong(form, "These are the settings of another hypervisor now.")
    assert form.fields["settings"] == "sim1/fake/debootstrap+trixie"


def test_another_hypervisor_has_its_own(form: Form) -> None:
    form.press("settings", "show")
    form.fill(hypervisor="fake").press("refresh")
    assert not [name for name in form.fields if name.startswith("hv-")]


def test_rows_come_and_go(form: Form) -> None:
    form.press("add", "disk")
    form.fill(disk__1__size_mib="20", disk__1__name="data").press("remove", "disk-0")
    assert (form.fields["disk-rows"], form.fields["disk-0-name"]) == ("1", "data")
    form.press("remove", "nic-0")
    assert form.fields["nic-rows"] == "0"
    assert 'class="err"' not in form.page
    form.create()
    assert ([disk.size_mib for disk in asked_for().disks], asked_for().nics) == ([20480], ())


def test_there_are_eight_interfaces_and_sixteen_disks_at_most(form: Form) -> None:
    for _ in range(7):
        form.press("add", "nic")
    assert ("add", "nic") not in form.buttons
    form.fields["disk-rows"] = "99"
    form.press("refresh")
    assert form.fields["disk-rows"] == "16"


def test_without_disks_none_is_asked_for(form: Form) -> None:
    form.fill(disk_template="diskless").create()
    assert (asked_for().disk_template, asked_for().disks) == ("diskless", ())


def test_devices_and_volumes_are_taken_over_by_administrators_on_a_node(
    form: Form, by_alice: Client, cluster: Cluster
) -> None:
    assert "disk-0-adopt" not in form.fields
    cluster.info["enabled_disk_templates"].append("blockdev")
    cluster.info["ipolicy"]["disk-templates"].append("blockdev")
    cluster.save()
    cluster.nodegroups.update(details={})
    wrong(form.fill(disk_template="blockdev"), "Only administrators of the cluster may give it devices")
    own = Form(by_alice).fill(name=NAME, os="noop", project="web", disk_template="blockdev")
    own.press("refresh")
    wrong(own.fill(disk__0__adopt="sda"), "Enter the device on the node")
    wrong(own.fill(disk__0__adopt="/dev/disk/by-id/one"), "Disks that are taken over lie on a node")
    own.fill(placement="nodes").press("refresh")
    own.fill(primary_node=cluster.nodes.earliest("sort_name").name)
    wrong(own.fill(name="a b"), "A disk can be taken over by one machine only.")
    assert own.fill(name=NAME).create().status_code == 302
    assert asked_for().disks[0].adopt == "/dev/disk/by-id/one"
    assert asked_for().disks[0].size_mib == 0


def test_external_storage_has_its_provider(form: Form, cluster: Cluster) -> None:
    cluster.info["enabled_disk_templates"].append("ext")
    cluster.info["ipolicy"]["disk-templates"].append("ext")
    cluster.save()
    cluster.nodegroups.update(details={})
    form.fill(disk_template="ext").press("refresh")
    wrong(form, "Name the provider of the disk.")
    wrong(form.fill(disk__0__provider="a b"), "This cannot be the name of a provider.")
    wrong(form.fill(disk__0__provider="pvc", disk__0__params="pool"), "Write name=value")
    wrong(form.fill(disk__0__params="pool=ssd", disk__0__access="magic"), "magic is not one of the available")
    form.fill(disk__0__access="userspace").create()
    (disk,) = asked_for().disks
    assert (disk.provider, disk.params, disk.access) == ("pvc", {"pool": "ssd"}, "userspace")


def test_a_mirror_stands_on_another_node(form: Form, cluster: Cluster) -> None:
    node = cluster.nodes.earliest("sort_name")
    form.fill(disk_template="drbd", placement="nodes").press("refresh")
    wrong(form.fill(primary_node=node.name), "Choose the node of the mirror.")
    wrong(form.fill(secondary_node=node.name), "A mirror on the same node is none.")


def test_a_name_that_is_taken_is_said_at_the_name(form: Form, running: VirtualMachine) -> None:
    wrong(form.fill(name=running.name), f"sim1 has a machine named {running.name} already.")


def test_many_with_one_address_are_refused(form: Form) -> None:
    wrong(form.fill(name="a b", nic__0__mac="aa:00:00:00:00:01"), "Each machine needs addresses of its own.")


def test_a_name_that_is_taken_between_looking_and_asking_loses_nothing(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    Form(form.browser).fill(name=NAME, os="noop").create()
    monkeypatch.setattr("ganeti_webmgr.vms.creation.checks.taken", lambda cluster, names: {})
    answer = form.fill(notes="Kept.").create()
    assert answer.status_code == 409
    assert f"A machine named {NAME} is being made on sim1 already." in form.page
    assert form.fields["notes"] == "Kept."


def test_a_quota_that_is_used_up_is_said_at_its_fields(
    form: Form, alice: User, cluster: Cluster, web: Project
) -> None:
    set_quota(web, cluster, by=alice, memory_mib=1024, vcpus=0, disk_mib=1024, machines=0)
    wrong(form, "Web would have 1 of 0 machines.")
    assert "Web would have 2 GiB of 1 GiB memory." in form.page
    assert "Web would have 10 GiB of 1 GiB disk." in form.page


def test_a_quota_used_up_between_looking_and_asking_loses_nothing(
    form: Form, alice: User, cluster: Cluster, web: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganeti_webmgr.vms.creation.checks._quota", lambda asked, ground, plan: [])
    set_quota(web, cluster, by=alice, machines=0)
    assert form.fill(notes="Kept.").create().status_code == 409
    assert "Web would have 1 of 0 machines on sim1." in form.page
    assert form.fields["notes"] == "Kept."


def test_an_administrator_goes_over_a_quota_by_a_tick(
    by_alice: Client, alice: User, cluster: Cluster, web: Project
) -> None:
    set_quota(web, cluster, by=alice, machines=0)
    form = Form(by_alice).fill(name=NAME, os="noop", project="web")
    wrong(form, "Web would have 1 of 0 machines.")
    assert form.fill(over_quota="on").create().status_code == 302


def test_many_are_counted_together(form: Form, alice: User, cluster: Cluster, web: Project) -> None:
    set_quota(web, cluster, by=alice, machines=2)
    wrong(form.fill(name="web[1-3].example.org"), "Web would have 3 of 2 machines.")


def test_a_cluster_that_went_down_meanwhile_is_told_of_and_the_intent_waits(
    form: Form, cluster: Cluster
) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(
        trouble="unreachable", trouble_since=timezone.now(), failures=3
    )
    assert "does not answer now. The machine is made once it does again." in form.look()
    assert form.create().status_code == 302
    assert Job.objects.get(command="create").status == Status.REQUESTED


def test_a_cluster_that_was_paused_meanwhile_is_no_choice_any_more(form: Form, cluster: Cluster) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(paused=True)
    wrong(form, "You may not make machines of this project there. Choose another.")
    assert "Nowhere to make it." in form.page


def test_a_system_that_is_gone_or_hidden_is_not_taken(form: Form, cluster: Cluster) -> None:
    cluster.systems.filter(name="debootstrap+trixie").update(hidden=True)
    assert "debootstrap+trixie" not in Form(form.browser).page
    wrong(form, "The cluster does not have it any more, or it is hidden.")


def test_a_cluster_that_never_told_anything_is_waited_for(by_alice: Client, web: Project) -> None:
    Cluster.objects.create(slug="fresh", name="Fresh", url="https://fresh.example.org")
    form = Form(by_alice).fill(project="web", cluster="fresh")
    form.fill(name=NAME)
    answer = form.create()
    assert answer.status_code == 422
    assert "Fresh has not told yet what it has." in form.page


def test_who_may_make_nothing_anywhere_is_told_whom_to_ask(by_charlie: Client, cluster: Cluster) -> None:
    page = by_charlie.get("/vms/new/").content.decode()
    assert "Nowhere to make it." in page
    assert "ask an administrator of a cluster for the role Deployer" in page


def test_who_may_add_a_cluster_is_told_that_there_is_none(by_alice: Client) -> None:
    page = by_alice.get("/vms/new/").content.decode()
    assert "No cluster takes machines now. Add one" in page
    assert "hx-post" not in page.split('id="new"')[1].split(">")[0]  # there is no summary to fill


def test_ones_own_project_is_made_when_it_is_needed(
    by_charlie: Client, charlie: User, alice: User, cluster: Cluster
) -> None:
    grant(charlie, cluster, by=alice, role="deployer")
    form = Form(by_charlie).fill(name=NAME, os="noop")
    assert not Project.objects.exists()
    assert form.create().status_code == 302
    job = Job.objects.get(command="create")
    assert job.owner
    assert job.owner.personal_of == charlie
    assert job.params["owner_tag"] == "gwm:owner:charlie"


def test_the_clusters_to_choose_from_are_those_of_the_project(
    form: Form, alice: User, charlie: User, cluster: Cluster
) -> None:
    mail = create_project("Mail", by=alice)
    other = Cluster.objects.create(slug="other", name="Far away", url="https://other.example.org")
    grant(mail.group, other, by=alice, role="deployer")
    assert "Far away" not in Form(form.browser).page
    wrong(form.fill(cluster="other"), "You may not make machines of this project there.")


def test_as_one_types_only_what_is_typed_is_looked_at(form: Form) -> None:
    blank = form.fill(name="", os="", size="own", vcpus="", memory_mib="").look()
    assert 'class="err"' not in blank
    assert "Enter a name first." not in blank or "Enter a name." not in blank
    typed = form.fill(name="web1.invalid", memory_mib="33").look()
    assert "web1.invalid is free on sim1" in typed
    assert "No DNS entry for web1.invalid yet" in typed
    assert "The group default allows 32 GiB at most" in typed
    assert 'id="id_memory_mib_error" hx-swap-oob="true"><p class="err">' in typed
    assert not Job.objects.filter(command="create").exists()


def test_a_name_that_resolves_is_not_warned_about(form: Form) -> None:
    assert "No DNS entry" not in form.fill(name="localhost").look()


def test_what_the_image_recommends_is_a_warning(form: Form, cluster: Cluster) -> None:
    cluster.systems.filter(name="debootstrap+trixie").update(
        title="Debian 13", memory_min_mib=4096, disk_min_mib=20480, vcpus_min=2
    )
    assert "Debian 13 should have 4 GiB, a first disk of 20 GiB and 2 vCPUs" in form.look()
    assert form.create().status_code == 302


def test_memory_that_no_node_has_free_is_a_warning(form: Form, cluster: Cluster) -> None:
    cluster.nodes.update(memory_free_mib=512)
    assert "No node has 2 GiB free now; the most is 512 MiB" in form.look()


def test_a_machine_of_the_name_elsewhere_is_told_to_those_who_see_it(
    form: Form, by_alice: Client, running: VirtualMachine
) -> None:
    other = Cluster.objects.create(slug="other", name="Other", url="https://other.example.org")
    running.pk, running.cluster, running.uuid, running.name = None, other, "another", NAME
    running.save()
    assert "on Other as well" not in form.look()
    assert "on Other as well" in Form(by_alice).fill(name=NAME, project="web", cluster="sim1").look()


# What the operating system is told.


@pytest.fixture
def trixie(cluster: Cluster) -> OperatingSystem:
    system = cluster.systems.get(name="debootstrap+trixie")
    system.parameters = [
        {"name": "filesystem", "value": "ext4", "help": "Of the first disk"},
        {"name": "ssh_keys", "role": "keys"},
        {"name": "user_data", "role": "user-data"},
        {"name": "root_password", "visibility": "private"},
        {"name": "join_token", "visibility": "secret"},
    ]
    system.hvparams = {"disk_cache": "none", "vga": ""}
    system.save()
    return system


@pytest.fixture
def keys(charlie: User, alice: User) -> None:
    for user in (charlie, alice):
        SSHKey.objects.create(
            user=user,
            name="laptop",
            text=f"ssh-ed25519 KEY-OF-{user}",
            kind="ssh-ed25519",
            fingerprint=f"of {user}",
        )


def test_described_parameters_have_their_fields_and_values(
    form: Form, trixie: OperatingSystem, keys: None, work: Work, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    form.press("refresh")
    assert form.fields["os-filesystem"] == "ext4"
    assert "Yours: 1 key" in form.page
    assert "Of everybody in Web: 2 keys" in form.page
    form.fill(os__user_data="#cloud-config\nfoo: bar", os__root_password="hunter2")
    form.fields["os-join_token"] = "s3cret"
    assert form.create().status_code == 302
    job = Job.objects.get(command="create")
    assert job.params["osparams"] == {
        "filesystem": "ext4",
        "ssh_keys": "ssh-ed25519 KEY-OF-charlie charlie",
        "user_data": "#cloud-config\nfoo: bar",
    }
    assert job.params["hidden_osparams"] == {"root_password": "private", "join_token": "secret"}
    assert "hunter2" not in str(Job.objects.values())
    assert job.params["hvparams"] == {"disk_cache": "none"}
    work(cluster)
    made = ganeti.config.instances[NAME]
    assert made.osparams["filesystem"] == "ext4"
    assert set(made.osparams_private) == {"root_password"}


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("project", "ssh-ed25519 KEY-OF-charlie charlie\nssh-ed25519 KEY-OF-alice alice"),
        ("none", None),
    ],
)
def test_whose_keys_are_given_is_chosen(
    form: Form, trixie: OperatingSystem, keys: None, choice: str, text: str | None
) -> None:
    form.press("refresh")
    form.fill(os__ssh_keys=choice).create()
    assert asked_for().osparams.get("ssh_keys") == text


def test_keys_of_somebody_else_are_no_choice(form: Form, trixie: OperatingSystem) -> None:
    form.press("refresh")
    wrong(form.fill(os__ssh_keys="alice"), "alice is not one of the available choices")


def test_what_nobody_may_read_is_not_in_the_page_and_survives_another_shape(
    form: Form, trixie: OperatingSystem
) -> None:
    form.press("refresh")
    form.fill(os__root_password="hunter2").press("add", "osp")
    form.fill(osp__0__name="api_key", osp__0__value="s3cret", osp__0__visibility="secret")
    for shape in (("add", "disk"), ("refresh", "1")):
        form.press(*shape)
        assert "hunter2" not in form.page
        assert "s3cret" not in form.page
        assert form.fields["os-root_password"] == ""
        assert "kept from before" in form.page
    form.fill(name="bad name here..").press("create")
    assert "hunter2" not in form.page
    form.fill(name=NAME, disk__1__size_mib="1").create()
    job = Job.objects.get(command="create")
    assert job.params["hidden_osparams"] == {"root_password": "private", "api_key": "secret"}
    from ganeti_webmgr.vms.hidden import unsealed  # noqa: PLC0415

    assert unsealed(job.sealed) == {"private": {"root_password": "hunter2"}, "secret": {"api_key": "s3cret"}}


def test_what_was_sealed_for_one_person_opens_for_no_other(
    form: Form, by_alice: Client, trixie: OperatingSystem
) -> None:
    form.press("refresh")
    form.fill(os__root_password="hunter2").press("refresh")
    stolen = form.fields["sealed"]
    own = Form(by_alice).fill(name=NAME, os="debootstrap+trixie", project="web", sealed=stolen)
    assert own.create().status_code == 302
    assert asked_for().hidden_osparams == {}


def test_a_parameter_is_not_said_twice(form: Form, trixie: OperatingSystem) -> None:
    form.press("refresh")
    form.press("add", "osp")
    wrong(form.fill(osp__0__name="filesystem", osp__0__value="xfs"), "This stands above already.")


def test_the_image_sets_what_a_person_could_not(form: Form, trixie: OperatingSystem) -> None:
    trixie.hvparams = {"cdrom_image_path": "/srv/tools.iso"}
    trixie.save()
    form.press("settings", "show")
    assert "/srv/tools.iso" in form.page
    form.create()
    assert asked_for().hvparams == {"cdrom_image_path": "/srv/tools.iso"}


# Ganeti's own answer, and many at once.


def test_ganeti_is_asked_and_the_form_is_kept(form: Form, work: Work, cluster: Cluster) -> None:
    answer = form.fill(notes="Kept.").press("check")
    assert answer.status_code == 200
    assert form.fields["notes"] == "Kept."
    assert "sim1 is being asked about" in form.page
    work(cluster)
    job = Job.objects.get(command="check-creation")
    said = form.browser.get(f"/vms/new/answer/{job.pk}/").content.decode()
    assert f'It would make <a href="{job.get_absolute_url()}">{NAME}</a> on <b>node' in said
    assert form.create().status_code == 302


def test_ganeti_is_asked_about_each_name_of_a_pattern(
    form: Form, work: Work, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    form.fill(name="web[1-3].example.org").press("check")
    assert "not said yet" not in form.page
    jobs = list(Job.objects.filter(command="check-creation").order_by("pk"))
    assert [job.target_name for job in jobs] == [f"web{number}.example.org" for number in (1, 2, 3)]
    assert form.page.count("sim1 is being asked about") == 3
    with ganeti.change():
        ganeti.config.instances["web2.example.org"] = next(iter(ganeti.config.instances.values()))
    work(cluster)
    for job in jobs:
        said = form.browser.get(f"/vms/new/answer/{job.pk}/").content.decode()
        assert (said.count("It would make"), said.count("It would not make")) == (2, 1)
        assert "data-live" not in said
    assert not VirtualMachine.objects.filter(name__in=["web1.example.org", "web3.example.org"]).exists()
    assert "/vms/new/batch/" not in form.browser.get(jobs[0].get_absolute_url()).content.decode()


def test_the_names_are_said_also_where_something_is_wrong_with_them(form: Form, cluster: Cluster) -> None:
    taken = cluster.vms.earliest("pk").name
    said = form.fill(name=f"web[1-2].example.org {taken}").look()
    assert "already" in said
    assert "3 machines" in said
    assert "not said yet" not in said


def test_what_ganeti_has_against_it_is_shown(form: Form, work: Work, cluster: Cluster) -> None:
    cluster.nodes.update(memory_total_mib=None, memory_free_mib=None)
    cluster.info["ipolicy"] = {}
    cluster.save()
    cluster.nodegroups.update(details={})
    form.fill(size="own", memory_mib="900").press("check")
    work(cluster)
    job = Job.objects.get(command="check-creation")
    said = form.browser.get(f"/vms/new/answer/{job.pk}/").content.decode()
    assert "It would not make" in said
    assert job.error in said.replace("&#x27;", "'")


def test_each_of_many_has_its_row_and_those_that_failed_are_tried_again(
    form: Form, work: Work, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    ganeti.config.operating_systems = {"debootstrap": ["trixie"], "labos": ["broken"]}
    form.fill(name="web[1-3].example.org")
    page = form.create().headers["Location"]
    first = Job.objects.filter(command="create").earliest("pk")
    for job in Job.objects.filter(command="create").exclude(pk=first.pk):
        Job.objects.filter(pk=job.pk).update(params={**job.params, "os": "debootstrap+bookworm"})
    work(cluster)
    batch = form.browser.get(page)
    assert (batch.context["done"], batch.context["failed"]) == (1, 2)
    shown = batch.content.decode()
    assert all(f"web{number}.example.org" in shown for number in (1, 2, 3))
    assert "Correct and try again: 2" in shown
    again = Form(form.browser, f"/vms/new/?batch={first.batch}")
    assert again.fields["name"] == "web2.example.org web3.example.org"
    assert again.fill(os="debootstrap+trixie").create().status_code == 302
    work(cluster)
    assert set(VirtualMachine.objects.filter(name__startswith="web").values_list("name", flat=True)) >= {
        f"web{number}.example.org" for number in (1, 2, 3)
    }


def test_a_batch_that_is_not_ones_own_is_not_there(form: Form, by_charlie: Client) -> None:
    assert by_charlie.get("/vms/new/batch/nothing/").status_code == 404


def test_the_form_opens_within_its_queries_whatever_the_estate(
    by_alice: Client, form: Form, cluster: Cluster
) -> None:
    Cluster.objects.bulk_create(
        Cluster(slug=f"c{number}", name=f"Cluster {number}", url=f"https://c{number}.example.org")
        for number in range(100)
    )
    OperatingSystem.objects.bulk_create(
        OperatingSystem(cluster=cluster, name=f"image+{number}", sort_name=f"image+{number:03}")
        for number in range(200)
    )
    for browser in (form.browser, by_alice):
        browser.get("/vms/new/?cluster=sim1")
        with counted() as statements:
            assert browser.get("/vms/new/").status_code == 200
        assert statements.total <= 12


def test_several_are_placed_in_one_step_unless_that_is_not_wished_or_cannot_be(
    form: Form, work: Work, cluster: Cluster, charlie: User
) -> None:
    form.fill(name="web[1-2].example.org")
    assert "All 2 are placed in one step" in form.look()
    page = form.create().headers["Location"]
    placing = Job.objects.get(command="place")
    assert set(Job.objects.filter(command="create").values_list("parent", flat=True)) == {placing.pk}
    assert f'href="{placing.get_absolute_url()}"' in form.browser.get(page).content.decode()
    assert "gnt-instance batch-create" in form.browser.get(placing.get_absolute_url()).content.decode()
    work(cluster)
    assert form.browser.get(page).context["done"] == 2

    alone = Form(form.browser).fill(os="debootstrap+trixie", name="app[1-2].example.org").without("together")
    assert alone.create().status_code == 302
    node = cluster.nodes.earliest("pk").name
    chosen = Form(form.browser).fill(os="debootstrap+trixie", name="db[1-2].example.org", placement="nodes")
    chosen.fill(disk_template="plain")
    chosen.press("refresh")
    assert chosen.fill(primary_node=node).create().status_code == 302
    assert Job.objects.filter(command="place").count() == 1


def test_why_several_cannot_be_placed_in_one_step_is_said(form: Form) -> None:
    form.fill(name="web[1-2].example.org", name_check="on")
    assert "Each is placed by itself: their names are looked up first" in form.look()
