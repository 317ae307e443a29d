"""What is private, memory at once, rules, disks that stand alone, and taking a change back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import Conflict, request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import Modify
from ganeti_webmgr.vms.forms.edit import EditForm
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

from .estate import sent
from .test_edit import confirm, filled, hidden, lines, look

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


def revert(browser: Client, vm: VirtualMachine, answer: Any, key: str) -> Any:
    """The answer to pressing "Revert" at one change."""
    data = {"changes": hidden(answer, "changes"), "typed": hidden(answer, "typed"), "revert": key}
    return browser.post(f"{vm.get_absolute_url()}-/edit/", data)


def told_at(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.content.decode()
    return {
        form.add_prefix(name): str(errors[0])
        for form in answer.context["form"].forms
        for name, errors in form.errors.items()
    }


@pytest.fixture
def told_in_private(running: VirtualMachine) -> VirtualMachine:
    """A machine whose system takes a password."""
    OperatingSystem.objects.update_or_create(
        cluster=running.cluster,
        name=running.os,
        defaults={"sort_name": running.os, "parameters": [{"name": "password", "visibility": "private"}]},
    )
    return running


# What nobody may read.


def test_what_is_private_is_sent_and_shown_nowhere(
    alice: User, by_alice: Client, told_in_private: VirtualMachine, ganeti: SimulatedCluster, work: Work
) -> None:
    vm = told_in_private
    typed = {"private-of-password": "hunter2", "private-name": "token", "private-value": "sesame"}
    answer = look(by_alice, vm, alice, **typed)
    assert lines(answer)["password"][:2] == ("not shown", "what was typed, which is shown nowhere")
    pages = [answer.content.decode()]
    assert confirm(by_alice, vm, answer).status_code == 302
    job = Job.objects.get(vm=vm)
    pages += [str(job.params), naming.line(job), str(Event.objects.filter(job_id=job.pk).values())]
    body = sent(ganeti, job).body
    assert body["osparams_private"] == {"password": "hunter2", "token": "sesame"}
    work(vm.cluster)
    job.refresh_from_db()
    pages += [by_alice.get(job.get_absolute_url()).content.decode(), str(job.result)]
    assert not [page for page in pages if "hunter2" in page or "sesame" in page]
    assert "--os-parameters-private password=…" in naming.line(job)
    assert (job.status, job.sealed) == (Status.DONE, "")
    assert set(ganeti.config.instances[vm.name].osparams_private) == {"password", "token"}


def test_what_is_private_is_kept_while_one_goes_back_and_where_something_else_does_not_fit(
    alice: User, by_alice: Client, told_in_private: VirtualMachine
) -> None:
    vm = told_in_private
    answer = look(by_alice, vm, alice, **{"private-of-password": "hunter2", "beparams-vcpus": "many"})
    page = answer.content.decode()
    assert "hunter2" not in page
    assert "kept from before" in page
    again = look(by_alice, vm, alice, sealed=hidden(answer, "sealed"))
    assert "hunter2" not in again.content.decode()
    data = {"typed": hidden(again, "typed"), "back": "1"}
    back = by_alice.post(f"{vm.get_absolute_url()}-/edit/", data)
    assert back.status_code == 200
    third = look(by_alice, vm, alice, sealed=hidden(back, "sealed"))
    assert set(lines(third)) == {"password"}


def test_what_one_has_carried_is_nothing_in_anothers_hands(
    alice: User, charlie: User, by_alice: Client, told_in_private: VirtualMachine
) -> None:
    vm = told_in_private
    grant(charlie, vm, by=alice, role="admin")
    answer = look(by_alice, vm, alice, **{"private-of-password": "hunter2", "beparams-vcpus": "many"})
    other = look(signed_in(charlie), vm, charlie, sealed=hidden(answer, "sealed"))
    assert "Nothing was changed." in other.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"private-name": "a b", "private-value": "x"}, "private-name", "Letters"),
        ({"private-value": "x"}, "private-name", "Write its name"),
        ({"private-name": "password", "private-value": "x"}, "private-name", "above already"),
        ({"private-name": "token"}, "private-value", "Write its value"),
        ({"private-name": "size", "private-value": "x", "osparams": "size=9"}, "private-name", "everybody"),
    ],
)
def test_what_does_not_fit_of_what_is_private_is_told_at_its_field(
    alice: User,
    by_alice: Client,
    told_in_private: VirtualMachine,
    typed: dict[str, str],
    field: str,
    words: str,
) -> None:
    answer = look(by_alice, told_in_private, alice, **typed)
    assert words in told_at(answer).get(field, "")
    assert not Job.objects.filter(vm=told_in_private).exists()


# Memory at once.


@pytest.fixture
def ballooned(running: VirtualMachine, ganeti: SimulatedCluster) -> VirtualMachine:
    """A machine that runs with 2 GiB and may have between 1 and 4."""
    with ganeti.change():
        instance = ganeti.config.instances[running.name]
        instance.beparams = {**instance.beparams, "minmem": 1024, "maxmem": 4096}
        assert instance.running
        instance.running.ram = 2048
        instance.touch(ganeti.now())
    cycle.run(running.cluster, everything=True)
    running.refresh_from_db()
    VirtualMachine.objects.filter(pk=running.pk).update(memory_now_mib=2048, started_with=None)
    running.refresh_from_db()
    return running


def test_memory_is_given_at_once_between_its_limits(
    alice: User, by_alice: Client, ballooned: VirtualMachine, ganeti: SimulatedCluster, work: Work
) -> None:
    answer = look(by_alice, ballooned, alice, memory_now_mib="3 GiB")
    assert lines(answer) == {"Memory at this moment": ("2 GiB", "3 GiB", "at once")}
    confirm(by_alice, ballooned, answer)
    job = Job.objects.get(vm=ballooned)
    assert sent(ganeti, job).body["runtime_mem"] == 3072
    work(ballooned.cluster)
    assert "--runtime-memory=3072" in naming.line(job)
    ballooned.refresh_from_db()
    assert ballooned.memory_now_mib == 3072


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"memory_now_mib": "512 MiB"}, "At least 1 GiB"),
        ({"memory_now_mib": "5 GiB"}, "At most 4 GiB"),
        ({"memory_now_mib": "lots"}, "Write a size"),
        ({"memory_now_mib": "6 GiB", "beparams-maxmem": "8 GiB"}, "started with 4 GiB at most"),
    ],
)
def test_memory_beyond_its_limits_is_told_at_its_field(
    alice: User, by_alice: Client, ballooned: VirtualMachine, typed: dict[str, str], words: str
) -> None:
    VirtualMachine.objects.filter(pk=ballooned.pk).update(started_with={"beparams": {"maxmem": 4096}})
    ballooned.refresh_from_db()
    assert words in told_at(look(by_alice, ballooned, alice, **typed)).get("memory_now_mib", "")


def test_memory_at_once_is_offered_only_where_it_can_be(
    alice: User, by_alice: Client, ballooned: VirtualMachine, stopped: VirtualMachine
) -> None:
    assert "memory_now_mib" in filled(ballooned, alice)
    assert "memory_now_mib" not in filled(stopped, alice)
    with pytest.raises(Conflict, match="It does not run"):
        request_job(by=alice, command=Modify(memory_now_mib=512), on=stopped)


# The rules of its group.


@pytest.fixture
def ruled(running: VirtualMachine, ganeti: SimulatedCluster) -> VirtualMachine:
    """A machine whose group allows at most one vCPU more, one disk and two interfaces."""
    with ganeti.change():
        group = ganeti.config.group_of(ganeti.config.instances[running.name].pnode)
        pair = ganeti.config.params["ipolicy"]["minmax"][0]
        most = {
            **pair["max"],
            "cpu-count": running.vcpus + 1,
            "disk-count": 1,
            "nic-count": 2,
            "disk-size": 2**20,
        }
        group.ipolicy = {"minmax": [{"min": pair["min"], "max": most}]}
        group.touch(ganeti.now())
    cycle.run(running.cluster, everything=True)
    return VirtualMachine.objects.get(pk=running.pk)


def test_what_the_rules_refuse_is_told_before_ganeti_refuses_it(
    alice: User, by_alice: Client, ruled: VirtualMachine
) -> None:
    over = str(ruled.vcpus + 2)
    answer = look(by_alice, ruled, alice, **{"beparams-vcpus": over})
    assert "vCPUs at most" in told_at(answer)["beparams-vcpus"]
    answer = look(by_alice, ruled, alice, **{"new-disk-size_mib": "1 GiB"})
    assert "1 disks at most" in answer.context["form"].problem
    assert not Job.objects.filter(vm=ruled).exists()
    assert lines(look(by_alice, ruled, alice, **{"beparams-vcpus": str(ruled.vcpus + 1)}))


def test_an_administrator_goes_against_the_rules_with_a_tick_that_is_recorded(
    alice: User, charlie: User, by_alice: Client, ruled: VirtualMachine, work: Work
) -> None:
    typed = {"beparams-vcpus": str(ruled.vcpus + 2), "ignore_policy": "on"}
    answer = look(by_alice, ruled, alice, **typed)
    assert lines(answer)["Rules of the group"][1] == "not minded"
    confirm(by_alice, ruled, answer)
    work(ruled.cluster)
    job = Job.objects.get(vm=ruled)
    assert (job.status, job.error) == (Status.DONE, "")
    after = Event.objects.get(action="job.requested", job_id=job.pk).after
    assert after
    assert after["ignore_policy"]
    grant(charlie, ruled, by=alice, role="admin")
    assert (
        "ignore_policy" not in signed_in(charlie).get(f"{ruled.get_absolute_url()}-/edit/").content.decode()
    )
    with pytest.raises(Denied):
        request_job(by=charlie, command=Modify(beparams={"vcpus": 1}, ignore_policy=True), on=ruled)


# Disks that stand alone.


def test_a_disk_is_detached_with_what_is_on_it_and_attached_elsewhere(
    alice: User, by_alice: Client, mirrored: VirtualMachine, ganeti: SimulatedCluster, work: Work
) -> None:
    first, second = (disk["uuid"] for disk in mirrored.details["disks"])
    answer = look(by_alice, mirrored, alice, **{f"disk-{second}-detach": "on"})
    assert second in lines(answer)["disk/1"][1]
    confirm(by_alice, mirrored, answer)
    assert sent(ganeti, Job.objects.get(vm=mirrored)).body["disks"] == [["detach", second, {}]]
    work(mirrored.cluster)
    mirrored.refresh_from_db()
    assert [disk["uuid"] for disk in mirrored.details["disks"]] == [first]
    answer = look(by_alice, mirrored, alice, **{"attach-disk": second})
    assert lines(answer)["New disk"][1] == f"attached: {second}"
    confirm(by_alice, mirrored, answer)
    job = Job.objects.filter(vm=mirrored).latest("pk")
    assert sent(ganeti, job).body["disks"] == [["attach", -1, {"uuid": second}]]
    work(mirrored.cluster)
    assert f"--disk attach:uuid={second}" in naming.line(job)
    mirrored.refresh_from_db()
    assert [disk["uuid"] for disk in mirrored.details["disks"]] == [first, second]


def test_disks_are_detached_and_attached_by_administrators_of_the_cluster_alone(
    alice: User, charlie: User, mirrored: VirtualMachine
) -> None:
    grant(charlie, mirrored, by=alice, role="admin")
    page = signed_in(charlie).get(f"{mirrored.get_absolute_url()}-/edit/").content.decode()
    assert "-detach" not in page
    assert "attach-disk" not in page
    uuid = mirrored.details["disks"][0]["uuid"]
    for change in (["detach", uuid, {}], ["attach", -1, {"uuid": uuid}]):
        with pytest.raises(Denied):
            request_job(by=charlie, command=Modify(disks=[change]), on=mirrored)


def test_a_disk_is_not_both_detached_and_removed_nor_found_by_nonsense(
    alice: User, by_alice: Client, mirrored: VirtualMachine
) -> None:
    disk = f"disk-{mirrored.details['disks'][0]['uuid']}"
    both = look(by_alice, mirrored, alice, **{f"{disk}-detach": "on", f"{disk}-remove": "on"})
    assert "Either" in told_at(both)[f"{disk}-remove"]
    assert "Use letters" in told_at(look(by_alice, mirrored, alice, **{"attach-disk": "a b"}))["attach-disk"]


# One change is taken back.


def test_each_change_is_taken_back_alone(
    alice: User, by_alice: Client, told_in_private: VirtualMachine
) -> None:
    vm = told_in_private
    nic, disk = vm.details["nics"][0]["uuid"], vm.details["disks"][0]["uuid"]
    answer = look(
        by_alice,
        vm,
        alice,
        **{
            "beparams-vcpus": "3",
            "hvparams-disk_cache": "writeback",
            "hvparams-acpi-own": "on",
            "os": "noop",
            "osparams": "size=9\ncolour=red",
            "private-of-password": "hunter2",
            "private-name": "token",
            "private-value": "sesame",
            f"nic-{nic}-ip": "pool",
            f"nic-{nic}-name": "lan",
            "new-nic-add": "on",
            "new-nic-network": "dmz",
            "new-nic-ip": "pool",
            f"disk-{disk}-name": "root",
            "new-disk-size_mib": "2 GiB",
            "attach-disk": "spool",
            "ignore_policy": "on",
        },
    )
    keys = [line.key for line in answer.context["lines"]]
    assert len(keys) == len(set(keys)) == 15
    assert all(f'value="{key}"' in answer.content.decode() for key in keys)
    while len(keys) > 1:
        gone = keys.pop()
        answer = revert(by_alice, vm, answer, gone)
        assert answer.status_code == 200, gone
        assert [line.key for line in answer.context["lines"]] == keys
        assert "hunter2" not in answer.content.decode()
    last = revert(by_alice, vm, answer, keys[0])
    assert (last.status_code, last.headers["Location"]) == (302, f"{vm.get_absolute_url()}-/edit/")
    assert not Job.objects.filter(vm=vm).exists()


def test_what_is_saved_after_a_change_was_taken_back_is_the_rest(
    alice: User, by_alice: Client, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    typed = {"beparams-vcpus": "3", "hvparams-disk_cache": "writeback"}
    answer = revert(by_alice, running, look(by_alice, running, alice, **typed), "beparams/vcpus")
    confirm(by_alice, running, answer)
    body = sent(ganeti, Job.objects.get(vm=running)).body
    assert (body.get("beparams"), body["hvparams"]) == (None, {"disk_cache": "writeback"})


@pytest.mark.parametrize(
    "key", ["", "x", "nics/none/ip", "hvparams/none", "private/none", "disks/-1/", "now"]
)
def test_a_change_that_is_not_there_is_not_taken_back(
    alice: User, by_alice: Client, running: VirtualMachine, key: str
) -> None:
    answer = look(by_alice, running, alice, **{"beparams-vcpus": "3"})
    again = by_alice.post(
        f"{running.get_absolute_url()}-/edit/", {"typed": hidden(answer, "typed"), "revert": key}
    )
    assert again.status_code == (422 if not key else 200)


@pytest.mark.parametrize("garbage", ["x", "ü€😀", "a" * 5000, "gAAAAAB", "{}"])
def test_what_was_carried_and_cannot_be_read_is_nothing(
    alice: User, by_alice: Client, running: VirtualMachine, garbage: str
) -> None:
    assert "Nothing was changed." in look(by_alice, running, alice, sealed=garbage).content.decode()
    back = by_alice.post(
        f"{running.get_absolute_url()}-/edit/", {"typed": f"sealed={garbage}&%zz=%00", "back": "1"}
    )
    assert back.status_code in {200, 400}
    assert by_alice.post(f"{running.get_absolute_url()}-/edit/", {"back": "1"}).status_code == 200


def test_what_was_typed_for_a_parameter_that_is_gone_does_not_come_back(
    alice: User, running: VirtualMachine
) -> None:
    data = QueryDict("private-of-ghost=S3CRET&private-value=S3CRET&private-name=key")
    typed = EditForm(data, vm=running, user=alice).typed()
    assert "S3CRET" not in typed
    assert "private-name=key" in typed
