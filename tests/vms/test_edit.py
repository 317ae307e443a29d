"""Changing settings in two steps: the form, and the look at what it will change."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import Conflict, request_job
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import DefaultQuota
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.permissions.projects import LEAD, add_member, create_project
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import Modify
from ganeti_webmgr.vms.forms.edit import EditForm
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

from .estate import Sent, sent

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


def filled(vm: VirtualMachine, user: User, **typed: Any) -> dict[str, Any]:
    """The form as a browser sends it back, with what was typed over it; None leaves a field out."""
    data: dict[str, Any] = {}
    for form in EditForm(None, vm=vm, user=user).forms:
        for name in form.fields:
            value = form[name].value()
            if value is not None and value is not False:
                data[form.add_prefix(name)] = "on" if value is True else form[name].field.prepare_value(value)
    data |= typed
    return {name: value for name, value in data.items() if value is not None}


def look(browser: Client, vm: VirtualMachine, user: User, **typed: Any) -> Any:
    """The answer of the form."""
    return browser.post(f"{vm.get_absolute_url()}-/edit/", filled(vm, user, **typed))


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, answer.content.decode()
    return unescape(found[1])


def confirm(browser: Client, vm: VirtualMachine, answer: Any, **more: str) -> Any:
    """The answer to pressing "Save changes" on the page of the look."""
    assert answer.status_code == 200, answer.content.decode()
    data = {"changes": hidden(answer, "changes"), "typed": hidden(answer, "typed"), **more}
    return browser.post(f"{vm.get_absolute_url()}-/edit/review/", data)


def lines(answer: Any) -> dict[str, tuple[str, str, str]]:
    """What the look says: by title, now, then and from when."""
    assert answer.status_code == 200, answer.content.decode()
    return {line.title: (line.now, line.then, line.when) for line in answer.context["lines"]}


def test_what_was_changed_is_looked_at_and_sent_and_nothing_else(
    alice: User, by_alice: Client, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    nic = running.details["nics"][0]["uuid"]
    answer = look(
        by_alice,
        running,
        alice,
        **{
            "beparams-maxmem": "12 GiB",
            "beparams-vcpus": "5",
            "hvparams-disk_cache": "writeback",
            "hvparams-acpi-own": "on",
            f"nic-{nic}-ip": "pool",
            "new-nic-add": "on",
            "new-nic-network": "dmz",
            "new-nic-ip": "pool",
            "new-disk-size_mib": "20 GiB",
            "new-disk-name": "spool",
            "osparams": "size=9",
        },
    )
    told = lines(answer)
    assert told["Memory, at most"][1:] == ("12 GiB", "after a restart")
    assert told["vCPUs"][1:] == ("5", "after a restart")
    assert told["Cache"] == ("default", "writeback", "after a restart")
    assert told["ACPI"] == ("on", "on", "after a restart")
    assert told["nic/0, IP address"][1:] == ("the next free one", "at once, where it can be")
    assert told["New disk"] == ("", "20 GiB, name: spool", "at once, where it can be")
    assert told["size"] == ("not set", "9", "at the next installation")
    assert not Job.objects.filter(vm=running).exists()
    assert confirm(by_alice, running, answer).status_code == 302
    job = Job.objects.get(vm=running)
    assert sent(ganeti, job) == Sent(
        "PUT",
        f"/2/instances/{running.name}/modify",
        {},
        {
            "beparams": {"maxmem": 12288, "vcpus": 5},
            "hvparams": {"disk_cache": "writeback", "acpi": True},
            "osparams": {"size": "9"},
            "nics": [["modify", nic, {"ip": "pool"}], ["add", -1, {"network": "dmz", "ip": "pool"}]],
            "disks": [["add", -1, {"size": 20480, "name": "spool"}]],
            "hotplug": False,
            "hotplug_if_possible": True,
            "instance_uuid": running.uuid,
        },
    )
    assert naming.line(job) == (
        "gnt-instance modify -B maxmem=12288,vcpus=5 -H acpi=true,disk_cache=writeback -O size=9 "
        f"--net {nic}:modify:ip=pool --net add:ip=pool,network=dmz --disk add:name=spool,size=20480 "
        f"--hotplug-if-possible {running.name}"
    )


def test_a_change_arrives_and_waits_for_the_restart_that_was_asked_for_with_it(
    alice: User, by_alice: Client, running: VirtualMachine, work: Work
) -> None:
    answer = look(by_alice, running, alice, **{"hvparams-boot_order": "network", "beparams-vcpus": "3"})
    confirm(by_alice, running, answer, restart="now")
    work(running.cluster)
    running.refresh_from_db()
    assert running.details["hvparams"]["boot_order"] == "network"
    work(running.cluster)
    restart = Job.objects.get(vm=running, command="restart")
    running.refresh_from_db()
    assert (restart.status, running.needs_restart, running.vcpus_now) == (Status.DONE, False, 3)


def test_a_tick_taken_away_gives_the_inherited_value_back(
    alice: User, by_alice: Client, running: VirtualMachine, ganeti: SimulatedCluster, work: Work
) -> None:
    confirm(by_alice, running, look(by_alice, running, alice, **{"hvparams-disk_cache": "none"}))
    work(running.cluster)
    running.refresh_from_db()
    assert running.details["custom_hvparams"] == {"disk_cache": "none"}
    answer = look(by_alice, running, alice, **{"hvparams-disk_cache-own": None})
    assert lines(answer)["Cache"] == ("none", "default, as inherited", "after a restart")
    confirm(by_alice, running, answer)
    job = Job.objects.filter(vm=running).latest("pk")
    assert sent(ganeti, job).body["hvparams"] == {"disk_cache": "default"}


def test_devices_are_named_and_removed_by_uuid(
    alice: User, by_alice: Client, mirrored: VirtualMachine, ganeti: SimulatedCluster, work: Work
) -> None:
    nic, (first, second) = mirrored.details["nics"][0]["uuid"], mirrored.details["disks"]
    answer = look(
        by_alice,
        mirrored,
        alice,
        **{
            f"nic-{nic}-remove": "on",
            f"disk-{first['uuid']}-name": "root",
            f"disk-{second['uuid']}-remove": "on",
        },
    )
    assert lines(answer)["disk/1"][1] == "removed, with all that is on it"
    confirm(by_alice, mirrored, answer)
    work(mirrored.cluster)
    assert Job.objects.get(vm=mirrored).error == ""
    mirrored.refresh_from_db()
    assert [disk["name"] for disk in mirrored.details["disks"]] == ["root"]
    assert mirrored.details["nics"] == []


BAD_INPUT: list[tuple[dict[str, Any], str, str]] = [
    ({"beparams-vcpus": "many"}, "beparams-vcpus", "whole number"),
    ({"beparams-vcpus": "0"}, "beparams-vcpus", "1 or more"),
    ({"beparams-maxmem": "lots"}, "beparams-maxmem", "Write a size"),
    ({"beparams-maxmem": ""}, "beparams-maxmem", "Write a size"),
    ({"beparams-minmem": "900 GiB"}, "beparams-minmem", "cannot be more than at most"),
    ({"hvparams-disk_cache": "fast"}, "hvparams-disk_cache", "Choose one of"),
    ({"hvparams-acpi": "perhaps"}, "hvparams-acpi", "on or off"),
    ({"hvparams-virtio_net_queues": "99"}, "hvparams-virtio_net_queues", "8 or less"),
    ({"os": "no such thing"}, "os", "name+variant"),
    ({"osparams": "nothing"}, "osparams", "name=value"),
    ({"nic-ip": "10.20.0"}, "nic-ip", "Write it as 192.0.2.7"),
    ({"nic-mac": "zz"}, "nic-mac", "Write a MAC address as"),
    ({"nic-name": "a b"}, "nic-name", "Use letters"),
    ({"nic-network": "nowhere"}, "nic-network", "Select a valid choice"),
    ({"nic-link": "br9"}, "nic-link", "decides this"),
    ({"new-nic-add": "on", "new-nic-ip": "pool"}, "new-nic-ip", "choose the network"),
    ({"nic-ip": "203.0.113.7"}, "nic-ip", "is not in"),
    ({"nic-mac": "ab:00:00:00:00:01"}, "nic-mac", "address of many"),
    ({"nic-mode": "wireless"}, "nic-mode", "Select a valid choice"),
    ({"nic-vlan": "4095"}, "nic-vlan", "up to 4094"),
    ({"new-nic-add": "on", "new-nic-link": "br 0"}, "new-nic-link", "cannot be the name of a bridge"),
    ({"disk-name": "a b"}, "disk-name", "Use letters"),
    ({"new-disk-mode": "wo"}, "new-disk-mode", "Select a valid choice"),
    ({"new-disk-size_mib": "big"}, "new-disk-size_mib", "Write a size"),
    ({"new-disk-name": "spool"}, "new-disk-size_mib", "how large"),
]


@pytest.mark.parametrize(("typed", "field", "words"), BAD_INPUT)
def test_what_does_not_fit_is_told_at_its_field_and_the_form_is_kept(
    alice: User, by_alice: Client, running: VirtualMachine, typed: dict[str, Any], field: str, words: str
) -> None:
    nic = f"nic-{running.details['nics'][0]['uuid']}-"
    disk = f"disk-{running.details['disks'][0]['uuid']}-"

    def placed(name: str) -> str:
        return re.sub(r"^disk-", disk, re.sub(r"^nic-", nic, name))

    typed, field = {placed(name): value for name, value in typed.items()}, placed(field)
    answer = look(by_alice, running, alice, **{**typed, "hvparams-keymap": "de-kept"})
    assert answer.status_code == 422
    told = {
        form.add_prefix(name): str(errors[0])
        for form in answer.context["form"].forms
        for name, errors in form.errors.items()
    }
    assert words in told.get(field, ""), told
    page = answer.content.decode()
    assert "de-kept" in page
    assert words in unescape(page)
    assert not Job.objects.filter(vm=running).exists()


def test_a_form_that_changes_nothing_says_so(alice: User, by_alice: Client, running: VirtualMachine) -> None:
    answer = look(by_alice, running, alice)
    assert (answer.status_code, "Nothing was changed." in answer.content.decode()) == (422, True)


def test_going_back_brings_what_was_typed(alice: User, by_alice: Client, running: VirtualMachine) -> None:
    answer = look(by_alice, running, alice, **{"hvparams-keymap": "de-typed"})
    data = {"changes": hidden(answer, "changes"), "typed": hidden(answer, "typed"), "back": "1"}
    again = by_alice.post(f"{running.get_absolute_url()}-/edit/", data)
    assert (again.status_code, 'value="de-typed"' in again.content.decode()) == (200, True)


def test_what_was_shown_is_what_is_sent_or_nothing_is(
    alice: User, by_alice: Client, charlie: User, running: VirtualMachine, stopped: VirtualMachine
) -> None:
    answer = look(by_alice, running, alice, **{"hvparams-keymap": "de"})
    word, url = hidden(answer, "changes"), f"{running.get_absolute_url()}-/edit/review/"
    for other in (word[:-1] + ("A" if word[-1] != "A" else "B"), "", "nonsense:of:mine"):
        assert by_alice.post(url, {"changes": other}).status_code == 409
    assert by_alice.post(f"{stopped.get_absolute_url()}-/edit/review/", {"changes": word}).status_code == 409
    grant(charlie, running, by=alice, role="admin")
    assert signed_in(charlie).post(url, {"changes": word}).status_code == 409
    assert not Job.objects.exists()


def test_a_machine_that_was_changed_meanwhile_is_looked_at_once_more(
    alice: User, by_alice: Client, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    answer = look(by_alice, running, alice, **{"beparams-vcpus": "6"})
    with ganeti.change():
        instance = ganeti.config.instances[running.name]
        instance.beparams = {**instance.beparams, "vcpus": 2}
        instance.touch(ganeti.now())
    cycle.run(running.cluster, everything=True)
    again = confirm(by_alice, running, answer)
    assert again.status_code == 409
    assert "has changed meanwhile" in again.content.decode()
    assert [(line.now, line.then) for line in again.context["lines"]] == [("2", "6")]
    assert not Job.objects.exists()


def test_more_than_the_quota_is_told_in_the_form_and_again_before_it_is_sent(
    alice: User, charlie: User, by_charlie: Client, running: VirtualMachine
) -> None:
    web = create_project("Web", by=alice)
    add_member(web, "charlie", by=alice, role=LEAD)
    VirtualMachine.objects.filter(pk=running.pk).update(owner=web)
    quota = DefaultQuota.objects.create(cluster=running.cluster, vcpus=running.vcpus + 1)
    running.refresh_from_db()
    answer = look(by_charlie, running, charlie, **{"beparams-vcpus": str(running.vcpus + 2)})
    assert (answer.status_code, "would have" in answer.content.decode()) == (422, True)
    answer = look(by_charlie, running, charlie, **{"beparams-vcpus": str(running.vcpus + 1)})
    DefaultQuota.objects.filter(pk=quota.pk).update(vcpus=running.vcpus)
    for ticked in ({}, {"over_quota": "1"}):
        again = confirm(by_charlie, running, answer, **ticked)
        assert "would have" in again.content.decode()
        assert 'name="over_quota"' not in again.content.decode()
    assert not Job.objects.exists()


def test_a_superuser_goes_over_the_quota_with_a_tick_that_is_recorded(
    alice: User, by_alice: Client, running: VirtualMachine
) -> None:
    VirtualMachine.objects.filter(pk=running.pk).update(owner=create_project("Web", by=alice))
    DefaultQuota.objects.create(cluster=running.cluster, vcpus=running.vcpus)
    running.refresh_from_db()
    answer = look(by_alice, running, alice, **{"beparams-vcpus": str(running.vcpus + 1)})
    assert answer.status_code == 200
    assert 'name="over_quota"' in answer.content.decode()
    assert 'name="over_quota"' in confirm(by_alice, running, answer).content.decode()
    assert not Job.objects.exists()
    assert confirm(by_alice, running, answer, over_quota="1").status_code == 302
    assert Job.objects.get().reservation.over_limit
    after = Event.objects.get(action="job.requested").after
    assert after
    assert after["over_quota"]


def test_what_reaches_into_the_nodes_is_for_administrators_of_the_cluster(
    alice: User, charlie: User, running: VirtualMachine
) -> None:
    grant(charlie, running, by=alice, role="admin")
    page = signed_in(charlie).get(f"{running.get_absolute_url()}-/edit/").content.decode()
    assert "only administrators of the cluster may set it." in page
    assert 'name="hvparams-kvm_extra"' not in page
    assert "-link" not in page
    for command in (
        Modify(hvparams={"kvm_extra": "-device x"}),
        Modify(nics=[["add", -1, {"link": "br-secret"}]]),
    ):
        with pytest.raises(Denied, match="You may not do everything on"):
            request_job(by=charlie, command=command, on=running)
    answer = look(signed_in(charlie), running, charlie, **{"hvparams-kvm_extra": "-device x"})
    assert "Nothing was changed." in answer.content.decode()


def test_a_locked_machine_is_changed_and_not_restarted(
    alice: User, by_alice: Client, running: VirtualMachine
) -> None:
    VirtualMachine.objects.filter(pk=running.pk).update(lock_reason="Incident")
    running.refresh_from_db()
    with pytest.raises(Conflict, match="without a restart"):
        request_job(by=alice, command=Modify(beparams={"vcpus": 3}, restart=True), on=running)
    answer = look(by_alice, running, alice, **{"beparams-vcpus": "3"})
    assert "Right after saving" not in answer.content.decode()
    assert confirm(by_alice, running, answer).status_code == 302


def test_somebody_who_may_not_change_it_gets_neither_step(
    alice: User, charlie: User, running: VirtualMachine
) -> None:
    grant(charlie, running, by=alice, role="operator")
    browser = signed_in(charlie)
    assert browser.get(f"{running.get_absolute_url()}-/edit/").status_code == 403
    # A review that somebody else has made does not help either.
    assert browser.post(f"{running.get_absolute_url()}-/edit/review/", {"changes": "x"}).status_code == 403


def test_an_interface_that_stays_is_not_looked_at_anew(
    alice: User, by_alice: Client, running: VirtualMachine
) -> None:
    nic = running.details["nics"][0]
    running.cluster.networks.filter(name=nic["network"]).update(free_count=0, details={"connections": []})
    assert lines(look(by_alice, running, alice, **{f"nic-{nic['uuid']}-name": "lan"}))


def test_a_cluster_that_went_down_meanwhile_gets_the_change_later_and_a_paused_one_never(
    alice: User, by_alice: Client, running: VirtualMachine
) -> None:
    answer = look(by_alice, running, alice, **{"beparams-vcpus": "3"})
    clusters = Cluster.objects.filter(pk=running.cluster_id)
    clusters.update(paused=True)
    refused = confirm(by_alice, running, answer)
    assert (refused.status_code, "is paused" in refused.content.decode()) == (409, True)
    assert not Job.objects.filter(vm=running).exists()
    clusters.update(paused=False, trouble="unreachable", trouble_since=timezone.now(), failures=3)
    assert confirm(by_alice, running, answer).status_code == 302
    assert Job.objects.get(vm=running).status == Status.REQUESTED
