"""Every operation from its page to the cluster: what is sent, word for word, and its command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import DefaultQuota
from ganeti_webmgr.permissions.projects import LEAD, add_member, create_project
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.forms import FORMS
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.removal import delete_with_rights
from tests.estate import signed_in

from .estate import Sent, asked, post, problems, sent

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]
NODE1, NODE2 = "node1.sim1.example.org", "node2.sim1.example.org"

# verb, machine (a fixture), what is typed; then method, path, query and body without the uuid, and the line.
OPERATIONS: list[tuple[str, str, dict[str, Any], tuple[str, str, dict[str, Any], dict[str, Any]], str]] = [
    ("start", "stopped", {}, ("PUT", "startup", {}, {}), "gnt-instance startup {0}"),
    (
        "shut-down",
        "running",
        {"timeout_s": 30},
        ("PUT", "shutdown", {}, {"timeout": 30, "instance_uuid": "U"}),
        "gnt-instance shutdown --timeout=30 {0}",
    ),
    (
        "force-stop",
        "running",
        {},
        ("PUT", "shutdown", {}, {"timeout": 0, "instance_uuid": "U"}),
        "gnt-instance shutdown --timeout=0 {0}",
    ),
    *(
        (
            "restart",
            "running",
            {"kind": kind},
            ("POST", "reboot", {"type": [kind]}, {"instance_uuid": "U"}),
            f"gnt-instance reboot --type={kind} {{0}}",
        )
        for kind in ("soft", "hard", "full")
    ),
    (
        "reinstall",
        "running",
        {"os": "debootstrap+trixie", "osparams": "size=10\nkey=a=b", "start": "on", "typed": "{0}"},
        (
            "POST",
            "reinstall",
            {},
            {"os": "debootstrap+trixie", "start": True, "osparams": {"size": "10", "key": "a=b"}},
        ),
        "gnt-instance shutdown {0}\n"
        "gnt-instance reinstall -o debootstrap+trixie -O key=a=b,size=10 {0}\n"
        "gnt-instance startup {0}",
    ),
    ("reinstall", "stopped", {"typed": "{0}"}, ("POST", "reinstall", {}, {"start": False}), ""),
    (
        "rename",
        "stopped",
        {"new_name": "Other.Example.org", "name_check": "on", "ip_check": "on"},
        (
            "PUT",
            "rename",
            {},
            {"new_name": "other.example.org", "name_check": True, "ip_check": True, "instance_uuid": "U"},
        ),
        "gnt-instance rename {0} other.example.org",
    ),
    (
        "rename",
        "stopped",
        {"new_name": "other"},
        (
            "PUT",
            "rename",
            {},
            {"new_name": "other", "name_check": False, "ip_check": False, "instance_uuid": "U"},
        ),
        "gnt-instance rename --no-name-check --no-ip-check {0} other",
    ),
    (
        "grow-disk",
        "mirrored",
        {"disk": 1, "size_mib": "900 GiB"},
        (
            "POST",
            "disk/1/grow",
            {},
            {"amount": 921600, "absolute": True, "wait_for_sync": False, "instance_uuid": "U"},
        ),
        "gnt-instance grow-disk --absolute --no-wait-for-sync {0} 1 921600M",
    ),
    (
        "convert-disks",
        "stopped",
        {"template": "drbd", "mirror": NODE2},
        (
            "PUT",
            "modify",
            {},
            {"disk_template": "drbd", "remote_node": NODE2, "hotplug": False, "instance_uuid": "U"},
        ),
        f"gnt-instance modify -t drbd -n {NODE2} {{0}}",
    ),
    (
        "convert-disks",
        "stopped",
        {"template": "drbd"},
        (
            "PUT",
            "modify",
            {},
            {"disk_template": "drbd", "iallocator": "hail", "hotplug": False, "instance_uuid": "U"},
        ),
        "gnt-instance modify -t drbd -I hail {0}",
    ),
    (
        "convert-disks",
        "stopped",
        {"template": "file"},
        ("PUT", "modify", {}, {"disk_template": "file", "hotplug": False, "instance_uuid": "U"}),
        "gnt-instance modify -t file {0}",
    ),
    (
        "activate-disks",
        "stopped",
        {"ignore_size": "on"},
        ("PUT", "activate-disks", {"ignore_size": ["1"]}, {}),
        "gnt-instance activate-disks --ignore-size {0}",
    ),
    (
        "deactivate-disks",
        "stopped",
        {},
        ("PUT", "deactivate-disks", {}, {}),
        "gnt-instance deactivate-disks {0}",
    ),
    (
        "recreate-disks",
        "stopped",
        {"disks": [0], "node": NODE2, "typed": "{0}"},
        ("POST", "recreate-disks", {}, {"disks": [0], "nodes": [NODE2], "instance_uuid": "U"}),
        f"gnt-instance recreate-disks --disk=0 -n {NODE2} {{0}}",
    ),
    (
        "replace-disks",
        "mirrored",
        {"mode": "replace_auto"},
        (
            "POST",
            "replace-disks",
            {},
            {"mode": "replace_auto", "early_release": False, "instance_uuid": "U"},
        ),
        "gnt-instance replace-disks -a {0}",
    ),
    (
        "replace-disks",
        "mirrored",
        {"mode": "replace_on_primary", "disks": [1], "early_release": "on"},
        (
            "POST",
            "replace-disks",
            {},
            {"mode": "replace_on_primary", "disks": [1], "early_release": True, "instance_uuid": "U"},
        ),
        "gnt-instance replace-disks -p --disks=1 --early-release {0}",
    ),
    (
        "replace-disks",
        "mirrored",
        {"mode": "replace_on_secondary", "disks": [0, 1]},
        (
            "POST",
            "replace-disks",
            {},
            {"mode": "replace_on_secondary", "disks": [0, 1], "early_release": False, "instance_uuid": "U"},
        ),
        "gnt-instance replace-disks -s --disks=0,1 {0}",
    ),
    (
        "replace-disks",
        "mirrored",
        {"mode": "replace_new_secondary"},
        (
            "POST",
            "replace-disks",
            {},
            {
                "mode": "replace_new_secondary",
                "iallocator": "hail",
                "early_release": False,
                "instance_uuid": "U",
            },
        ),
        "gnt-instance replace-disks -I hail {0}",
    ),
    (
        "migrate",
        "mirrored",
        {"mode": "live", "allow_failover": "on"},
        (
            "PUT",
            "migrate",
            {},
            {
                "mode": "live",
                "cleanup": False,
                "allow_failover": True,
                "ignore_ipolicy": False,
                "instance_uuid": "U",
            },
        ),
        "gnt-instance migrate --migration-mode=live --allow-failover {0}",
    ),
    (
        "migrate",
        "shared",
        {"target_node": NODE2, "cleanup": "on"},
        (
            "PUT",
            "migrate",
            {},
            {
                "target_node": NODE2,
                "cleanup": True,
                "allow_failover": False,
                "ignore_ipolicy": False,
                "instance_uuid": "U",
            },
        ),
        f"gnt-instance migrate -n {NODE2} --cleanup {{0}}",
    ),
    (
        "fail-over",
        "mirrored",
        {"shutdown_timeout_s": 10, "ignore_consistency": "on"},
        (
            "PUT",
            "failover",
            {},
            {
                "shutdown_timeout": 10,
                "ignore_consistency": True,
                "ignore_ipolicy": False,
                "instance_uuid": "U",
            },
        ),
        "gnt-instance failover --shutdown-timeout=10 --ignore-consistency {0}",
    ),
    (
        "export",
        "local",
        {"destination": NODE2, "shutdown": "on", "compress": "none"},
        (
            "PUT",
            "export",
            {},
            {
                "destination": NODE2,
                "mode": "local",
                "shutdown": True,
                "compress": "none",
                "zero_free_space": False,
                "long_sleep": False,
                "instance_uuid": "U",
            },
        ),
        f"gnt-backup export -n {NODE2} --compress=none {{0}}",
    ),
    (
        "prepare-export",
        "local",
        {"mode": "remote"},
        ("PUT", "prepare-export", {"mode": ["remote"]}, {}),
        "",
    ),
    (
        "tags",
        "local",
        {"tags": "blue, role:web\nblue"},
        ("PUT", "tags", {"tag": ["blue", "role:web"]}, {}),
        "gnt-instance add-tags {0} blue role:web",
    ),
    (
        "set-offline",
        "stopped",
        {},
        ("PUT", "modify", {}, {"offline": True, "hotplug": False, "instance_uuid": "U"}),
        "gnt-instance modify --offline {0}",
    ),
    (
        "set-online",
        "offline",
        {},
        ("PUT", "modify", {}, {"offline": False, "hotplug": False, "instance_uuid": "U"}),
        "gnt-instance modify --online {0}",
    ),
    (
        "remove",
        "running",
        {"shutdown_timeout_s": 5, "typed": "{0}"},
        ("DELETE", "", {}, {"shutdown_timeout": 5, "instance_uuid": "U"}),
        "gnt-instance remove --shutdown-timeout=5 {0}",
    ),
]


@pytest.mark.parametrize(
    ("verb", "which", "typed", "expected", "line"),
    OPERATIONS,
    ids=[f"{row[0]}-{number}" for number, row in enumerate(OPERATIONS)],
)
def test_what_is_confirmed_is_sent_as_the_reference_has_it(
    request: pytest.FixtureRequest,
    by_alice: Client,
    ganeti: SimulatedCluster,
    verb: str,
    which: str,
    typed: dict[str, Any],
    expected: tuple[str, str, dict[str, Any], dict[str, Any]],
    line: str,
) -> None:
    vm: VirtualMachine = request.getfixturevalue(which)
    page = by_alice.get(f"{vm.get_absolute_url()}-/{verb}/").content.decode()
    assert f"<h1>{FORMS[verb].command_class.asked_of(vm.name)}?</h1>" in page
    filled = {name: vm.name if value == "{0}" else value for name, value in typed.items()}
    job = asked(by_alice, vm, verb, **filled)
    method, path, query, body = expected
    body = {name: vm.uuid if value == "U" else value for name, value in body.items()}
    whole = f"/2/instances/{vm.name}/{path}".rstrip("/")
    assert sent(ganeti, job) == Sent(method, whole, query, body)
    if line:
        assert naming.line(job) == line.format(vm.name)


def test_each_operation_ends_well_on_the_cluster(
    by_alice: Client, ganeti: SimulatedCluster, cluster: Cluster, work: Work
) -> None:
    """One after another: what the cluster then is, is what our pages say."""
    vm = cluster.vms.get(name="build1.sim1.example.org")

    def done(verb: str, **typed: Any) -> None:
        job = asked(by_alice, vm, verb, **typed)
        work(cluster)
        job.refresh_from_db()
        assert (job.status, job.error) == (Status.DONE, ""), verb
        vm.refresh_from_db()

    def instance() -> Any:
        return ganeti.config.instances[vm.name]

    done("convert-disks", template="drbd", mirror=NODE2)
    assert (vm.disk_template, str(vm.secondary_node)) == ("drbd", NODE2)
    done("grow-disk", disk=0, size_mib="90", wait_for_sync="on")
    assert vm.details["disks"][0]["size_mib"] == 90 * 1024
    done("activate-disks")
    assert instance().disks_active
    done("deactivate-disks")
    assert not instance().disks_active
    instance().disks[0].lost = True
    done("recreate-disks", typed=vm.name)
    assert not instance().disks[0].lost
    done("rename", new_name="renamed.sim1.example.org")
    assert vm.name == "renamed.sim1.example.org"
    done("set-offline")
    assert vm.status == "ADMIN_offline"
    done("set-online")
    assert vm.status == "ADMIN_down"
    done("reinstall", os="debootstrap+bookworm", start="on", typed=vm.name)
    assert (vm.os, vm.status) == ("debootstrap+bookworm", "running")
    done("replace-disks", mode="replace_on_secondary")
    done("migrate", mode="live")
    assert str(vm.primary_node) == NODE2
    done("fail-over")
    assert str(vm.primary_node) == NODE1
    done("prepare-export", mode="local")
    done("export", destination=NODE2, shutdown="on", compress="none")
    assert vm.name in ganeti.config.nodes[NODE2].exports
    done("tags", tags="one two")
    assert {"one", "two"} <= set(vm.tags)


def test_tags_that_go_are_taken_away_after_the_new_ones_have_come(
    by_alice: Client, ganeti: SimulatedCluster, local: VirtualMachine, work: Work
) -> None:
    with ganeti.change():
        ganeti.config.instances[local.name].tags = ["ganetimgr:user:bob", "gwm:owner:web", "old"]
        ganeti.config.instances[local.name].touch(ganeti.now())
    cycle.run(local.cluster, everything=True)
    assert "old</textarea>" in by_alice.get(f"{local.get_absolute_url()}-/tags/").content.decode()
    asked(by_alice, local, "tags", tags="new")
    work(local.cluster)
    work(local.cluster)
    local.refresh_from_db()
    assert local.tags == ["ganetimgr:user:bob", "gwm:owner:web", "new"]


def test_a_removed_machine_goes_with_its_rights_and_leaves_its_jobs(
    by_alice: Client, local: VirtualMachine, work: Work
) -> None:
    job = asked(by_alice, local, "remove", typed=local.name)
    work(local.cluster)
    job.refresh_from_db()
    assert (job.status, job.vm, job.target_name) == (Status.DONE, None, local.name)
    assert not VirtualMachine.objects.filter(pk=local.pk).exists()
    assert by_alice.get(local.get_absolute_url()).status_code == 404
    assert by_alice.get(job.get_absolute_url()).status_code == 200


def test_jobs_of_a_machine_that_is_gone_come_back_to_nobody_who_lost_it(
    alice: User, charlie: User, running: VirtualMachine
) -> None:
    web, mail = create_project("Web", by=alice), create_project("Mail", by=alice)
    made = Job.objects.create(
        cluster=running.cluster,
        vm=running,
        owner=web,
        command="create",
        status="done",
        origin="charlie",
        requested_by=charlie,
    )
    running.owner = mail
    running.save()
    assert not policy.may(charlie, "view", made)
    delete_with_rights(running)
    made.refresh_from_db()
    assert (made.vm, made.owner) == (None, mail)
    assert not policy.may(charlie, "view", made)


def test_the_page_of_a_removal_lists_what_goes(by_alice: Client, running: VirtualMachine) -> None:
    page = by_alice.get(f"{running.get_absolute_url()}-/remove/").content.decode()
    nic = running.details["nics"][0]
    assert f"{nic['ip']} goes back to {nic['network']}" in page
    assert "the content cannot be brought back" in page
    assert f"gnt-instance remove --shutdown-timeout=120 {running.name}" in page


@pytest.mark.parametrize("verb", ["remove", "shut-down", "reinstall"])
def test_a_name_that_was_given_to_another_machine_is_not_hit(
    by_alice: Client, ganeti: SimulatedCluster, stopped: VirtualMachine, work: Work, verb: str
) -> None:
    job = asked(by_alice, stopped, verb, typed=stopped.name)
    with ganeti.change():
        other = ganeti.config.instances[stopped.name]
        other.uuid = ganeti.config.new_uuid()
    work(stopped.cluster)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert ganeti.config.instances[stopped.name].running is None
    assert ganeti.config.instances[stopped.name].os == stopped.os


def test_ganetis_refusal_is_told_on_the_page_of_the_machine(
    by_alice: Client, stopped: VirtualMachine, work: Work
) -> None:
    asked(by_alice, stopped, "recreate-disks", typed=stopped.name)
    work(stopped.cluster)
    assert "File exists" in by_alice.get(stopped.get_absolute_url()).content.decode()


UNFIT = [
    ("rename", "running", "Shut the machine down first."),
    ("convert-disks", "running", "Shut the machine down first."),
    ("recreate-disks", "running", "Shut the machine down first."),
    ("deactivate-disks", "running", "Shut the machine down first."),
    ("set-offline", "running", "Shut the machine down first."),
    ("set-online", "running", "Not set offline."),
    ("migrate", "stopped", "which only one node has"),
    ("fail-over", "local", "which only one node has"),
    ("replace-disks", "local", "Only mirrored disks (DRBD) can be replaced."),
    ("start", "offline", "Set it online first."),
    ("reinstall", "offline", "Set it online first."),
]


@pytest.mark.parametrize(("verb", "which", "why"), UNFIT)
def test_what_makes_no_sense_is_off_with_the_reason_and_refused_at_the_door(
    request: pytest.FixtureRequest, by_alice: Client, verb: str, which: str, why: str
) -> None:
    vm: VirtualMachine = request.getfixturevalue(which)
    page = by_alice.get(f"{vm.get_absolute_url()}-/{verb}/").content.decode()
    assert why in page
    typed = {"typed": vm.name, "new_name": "n", "template": "file", "mode": "replace_auto"}
    if verb in {"migrate", "start"}:
        typed = {}
    answer = post(by_alice, vm, verb, **typed)
    assert answer.status_code == 409
    assert why in answer.content.decode()
    assert not Job.objects.filter(vm=vm).exists()


def test_a_migration_of_a_stopped_machine_is_off(
    by_alice: Client, mirrored: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    with ganeti.change():
        ganeti.config.instances[mirrored.name].crash()
    cycle.run(mirrored.cluster, everything=True)
    answer = post(by_alice, mirrored, "migrate")
    assert (answer.status_code, "Fail it over instead" in answer.content.decode()) == (409, True)


BAD_INPUT = [
    ("reinstall", {"os": "rm -rf", "typed": "{0}"}, "os", "name+variant"),
    ("reinstall", {"osparams": "novalue", "typed": "{0}"}, "osparams", "name=value"),
    ("reinstall", {"osparams": "a=1\na=2", "typed": "{0}"}, "osparams", "there twice"),
    ("reinstall", {"typed": "another"}, "typed", "That is not"),
    ("reinstall", {}, "typed", "required"),
    ("rename", {"new_name": "a b"}, "new_name", "Names have letters"),
    ("rename", {"new_name": "web1.sim1.example.org"}, "new_name", "There is a machine"),
    ("rename", {"new_name": "x", "ip_check": "on"}, "ip_check", "tick that too"),
    ("grow-disk", {"disk": 0, "size_mib": "1 GiB"}, "size_mib", "disks only grow"),
    ("grow-disk", {"disk": 0, "size_mib": "much"}, "size_mib", "Write a size"),
    ("grow-disk", {"disk": 9, "size_mib": "1 TiB"}, "disk", "Select a valid choice"),
    ("convert-disks", {"template": "rbd"}, "template", "Select a valid choice"),
    ("tags", {"tags": "bad$tag"}, "tags", "cannot be a tag"),
    ("tags", {"tags": "gwm:owner:me"}, "tags", "cannot be typed"),
    ("tags", {"tags": "ganetimgr:user:me"}, "tags", "cannot be typed"),
    ("tags", {"tags": "GANETI_WEB_MANAGER:admin:U:5"}, "tags", "cannot be typed"),
    ("remove", {"typed": "nothing"}, "typed", "Nothing was done"),
    ("remove", {"shutdown_timeout_s": "-1", "typed": "{0}"}, "shutdown_timeout_s", "greater than"),
    ("export", {"destination": "elsewhere", "compress": "none"}, "destination", "Select a valid choice"),
    ("replace-disks", {"mode": "all"}, "mode", "Select a valid choice"),
    ("replace-disks", {"mode": "replace_auto", "disks": [0]}, "disks", "all disks are looked at"),
    ("migrate", {"mode": "fast"}, "mode", "Select a valid choice"),
]


@pytest.mark.parametrize(("verb", "typed", "field", "words"), BAD_INPUT)
def test_what_does_not_fit_is_told_at_its_field_and_the_form_is_kept(
    by_alice: Client, mirrored: VirtualMachine, verb: str, typed: dict[str, Any], field: str, words: str
) -> None:
    filled = {name: mirrored.name if value == "{0}" else value for name, value in typed.items()}
    answer = post(by_alice, mirrored, verb, **filled)
    assert words in problems(answer)[field][0]
    page = answer.content.decode()
    for value in filled.values():
        if isinstance(value, str) and value not in {"on", "elsewhere", "all", "fast", "rbd"}:
            assert value in page
    assert not Job.objects.filter(vm=mirrored).exists()


def test_a_disk_grows_within_the_quota_alone(
    alice: User, charlie: User, by_charlie: Client, mirrored: VirtualMachine
) -> None:
    project = create_project("Web", by=alice)
    add_member(project, "charlie", by=alice, role=LEAD)
    VirtualMachine.objects.filter(pk=mirrored.pk).update(owner=project)
    DefaultQuota.objects.create(cluster=mirrored.cluster, disk_mib=mirrored.disk_mib + 1024)
    for ticked in ({}, {"over_quota": "on"}):
        answer = post(by_charlie, mirrored, "grow-disk", disk=0, size_mib="2 TiB", **ticked)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "would have" in page
        assert 'value="2 TiB"' in page
        assert "over_quota" not in page


def test_a_superuser_makes_a_disk_grow_over_the_quota_with_a_tick_that_is_recorded(
    alice: User, by_alice: Client, mirrored: VirtualMachine
) -> None:
    VirtualMachine.objects.filter(pk=mirrored.pk).update(owner=create_project("Web", by=alice))
    DefaultQuota.objects.create(cluster=mirrored.cluster, disk_mib=mirrored.disk_mib)
    asked = by_alice.get(f"{mirrored.get_absolute_url()}-/grow-disk/").content.decode()
    assert 'name="over_quota"' not in asked
    answer = post(by_alice, mirrored, "grow-disk", disk=0, size_mib="30 GiB")
    assert answer.status_code == 422
    assert 'name="over_quota"' in answer.content.decode()
    assert (
        post(by_alice, mirrored, "grow-disk", disk=0, size_mib="30 GiB", over_quota="on").status_code == 302
    )
    assert Job.objects.get(command="grow-disk").reservation.over_limit
    after = Event.objects.get(action="job.requested").after
    assert after
    assert after["over_quota"]


def test_the_menu_and_the_page_of_disks_name_everything_that_can_be_done(
    by_alice: Client, mirrored: VirtualMachine
) -> None:
    menu = by_alice.get(mirrored.get_absolute_url()).content.decode()
    disks = by_alice.get(f"{mirrored.get_absolute_url()}-/disks/").content.decode()
    for form in FORMS.values():
        label = form.command_class.label
        assert label in menu or label in disks or form.command_class.name == "set-online", label


def test_external_storage_is_named_with_its_provider(
    by_alice: Client, ganeti: SimulatedCluster, stopped: VirtualMachine
) -> None:
    cluster = stopped.cluster
    cluster.info["enabled_disk_templates"].append("ext")
    cluster.save(update_fields=["info"])
    answer = post(by_alice, stopped, "convert-disks", template="ext")
    assert "needs a provider" in problems(answer)["provider"][0]
    job = asked(by_alice, stopped, "convert-disks", template="ext", provider="pv", mirror=NODE2)
    assert sent(ganeti, job).body == {
        "disk_template": "ext",
        "ext_params": {"provider": "pv"},
        "hotplug": False,
        "instance_uuid": stopped.uuid,
    }
    assert naming.line(job) == f"gnt-instance modify -t ext --ext-params provider=pv {stopped.name}"


def test_who_sees_no_nodes_exports_to_those_of_the_machine(
    alice: User, charlie: User, mirrored: VirtualMachine
) -> None:
    grant(charlie, mirrored, by=alice, role="maintainer")
    page = signed_in(charlie).get(f"{mirrored.get_absolute_url()}-/export/").content.decode()
    assert f'value="{NODE1}"' in page
    assert f'value="{NODE2}"' in page


def test_a_machine_whose_node_is_offline_is_failed_over_and_not_started(
    by_alice: Client, ganeti: SimulatedCluster, mirrored: VirtualMachine
) -> None:
    with ganeti.change():
        ganeti.config.nodes[str(mirrored.primary_node)].offline = True
    cycle.run(mirrored.cluster, everything=True)
    for verb in ("start", "migrate"):
        answer = post(by_alice, mirrored, verb)
        assert answer.status_code == 409
        assert "over" in answer.content.decode()
    assert post(by_alice, mirrored, "fail-over", ignore_consistency="on").status_code == 302
