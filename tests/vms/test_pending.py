"""What waits for a restart: known from the starts that we saw, and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.pending import Waiting, pending

from .estate import asked

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


@pytest.fixture
def elsewhere(cluster: Cluster, ganeti: SimulatedCluster) -> Callable[..., None]:
    """Does things at the command line, one after another, and lets us look once at the end."""

    def do(*steps: Callable[[rapi.Client], int]) -> None:
        with connect(cluster) as client:
            for step in steps:
                step(client)
                ganeti.wait_for_jobs()
        cycle.run(cluster, everything=True)

    return do


def waits(vm: VirtualMachine) -> tuple[list[Waiting], bool | None]:
    vm.refresh_from_db()
    return pending(vm).lines, vm.needs_restart


def modify(vm: VirtualMachine, **changes: Any) -> Callable[[rapi.Client], int]:
    return lambda client: client.instances.modify(vm.name, changes)  # type: ignore[arg-type]


def restart(vm: VirtualMachine, kind: Any = "hard") -> Callable[[rapi.Client], int]:
    return lambda client: client.instances.reboot(vm.name, type=kind)


def test_of_a_machine_that_started_before_we_watched_it_is_said_that_nobody_knows(
    by_alice: Client, running: VirtualMachine, stopped: VirtualMachine
) -> None:
    assert waits(running) == ([], None)
    assert waits(stopped) == ([], False)
    assert "started before we watched it" in by_alice.get(running.get_absolute_url()).content.decode()
    listed = by_alice.get("/vms/?restart=unknown").content.decode()
    assert running.name in listed
    assert stopped.name not in listed


def test_a_change_after_a_start_that_we_saw_waits_and_a_restart_takes_it_up(
    by_alice: Client, stopped: VirtualMachine, work: Work, elsewhere: Callable[..., None]
) -> None:
    asked(by_alice, stopped, "start")
    work(stopped.cluster)
    assert waits(stopped) == ([], False)
    changes = {"beparams": {"maxmem": 16384, "vcpus": 7}, "hvparams": {"disk_cache": "writeback"}}
    elsewhere(modify(stopped, **changes))
    lines, flag = waits(stopped)
    before = {line.setting: (line.now, line.then) for line in lines}
    assert flag is True
    assert before["Memory, at most"][1] == "16 GiB"
    assert before["vCPUs"][1] == "7"
    assert before["Cache"] == ("default", "writeback")
    page = by_alice.get(stopped.get_absolute_url()).content.decode()
    assert "3 settings wait for a restart" in page
    assert stopped.name in by_alice.get("/vms/?restart=waiting").content.decode()
    asked(by_alice, stopped, "restart", kind="soft")
    work(stopped.cluster)
    assert waits(stopped)[1] is True
    asked(by_alice, stopped, "restart", kind="hard")
    work(stopped.cluster)
    assert waits(stopped) == ([], False)


def test_a_restart_at_the_command_line_counts_as_well(
    running: VirtualMachine, elsewhere: Callable[..., None]
) -> None:
    elsewhere(restart(running))
    assert waits(running) == ([], False)
    elsewhere(modify(running, hvparams={"boot_order": "network"}))
    assert waits(running)[1] is True
    elsewhere(restart(running, "soft"))
    assert waits(running)[1] is True


def test_a_stop_and_a_start_between_two_looks_are_seen_by_their_jobs(
    running: VirtualMachine, elsewhere: Callable[..., None]
) -> None:
    elsewhere(restart(running))
    elsewhere(modify(running, hvparams={"boot_order": "network"}))
    assert waits(running)[1] is True
    elsewhere(
        lambda client: client.instances.shutdown(running.name, timeout_s=0),
        lambda client: client.instances.start(running.name),
    )
    assert waits(running) == ([], False)


def test_a_start_of_a_machine_that_runs_already_tells_nothing(
    running: VirtualMachine, elsewhere: Callable[..., None]
) -> None:
    elsewhere(lambda client: client.instances.start(running.name))
    assert waits(running) == ([], None)
    elsewhere(restart(running), modify(running, hvparams={"boot_order": "network"}))
    # Changed between its start and our look: what it started with is lost.
    assert waits(running) == ([], None)


def test_live_figures_tell_even_of_a_machine_whose_start_nobody_saw(
    running: VirtualMachine, elsewhere: Callable[..., None]
) -> None:
    elsewhere(modify(running, beparams={"vcpus": 7}))
    lines, flag = waits(running)
    assert ([line.setting for line in lines], flag) == (["vCPUs"], True)
    assert not pending(running).is_known


def test_a_device_that_was_plugged_in_at_once_does_not_wait(
    running: VirtualMachine, ganeti: SimulatedCluster, elsewhere: Callable[..., None]
) -> None:
    elsewhere(restart(running))
    add = [rapi.NicChange(action="add", nic=rapi.NicSpec(network="lan", ip="pool"))]
    elsewhere(lambda client: client.instances.modify(running.name, {"nics": add}, hotplug=True))
    assert waits(running) == ([], False)
    elsewhere(lambda client: client.instances.modify(running.name, {"nics": add}))
    lines, flag = waits(running)
    assert ([line.then for line in lines], flag) == (["new"], True)


def test_of_a_machine_that_was_stopped_and_runs_without_a_job_that_started_it_nobody_knows(
    running: VirtualMachine, ganeti: SimulatedCluster, elsewhere: Callable[..., None]
) -> None:
    runs = ganeti.config.instances[running.name].running

    def stop_and_start_behind_its_back(client: rapi.Client) -> int:
        job = client.instances.shutdown(running.name, timeout_s=0)
        ganeti.wait_for_jobs()
        with ganeti.change():
            instance = ganeti.config.instances[running.name]
            instance.admin_state, instance.running = "up", runs
        return job

    elsewhere(stop_and_start_behind_its_back)
    assert waits(running) == ([], None)


def test_a_stopped_machine_waits_for_nothing(running: VirtualMachine, elsewhere: Callable[..., None]) -> None:
    elsewhere(restart(running))
    elsewhere(modify(running, hvparams={"boot_order": "network"}))
    elsewhere(lambda client: client.instances.shutdown(running.name, timeout_s=0))
    assert waits(running) == ([], False)


def test_before_a_migration_one_is_told_what_waits(
    by_alice: Client, mirrored: VirtualMachine, elsewhere: Callable[..., None]
) -> None:
    page = f"{mirrored.get_absolute_url()}-/migrate/"
    assert "is not known" in by_alice.get(page).content.decode()
    elsewhere(restart(mirrored))
    assert "wait for a restart" not in by_alice.get(page).content.decode()
    elsewhere(modify(mirrored, hvparams={"disk_cache": "none"}))
    assert "Settings wait for a restart (Cache)" in by_alice.get(page).content.decode()
