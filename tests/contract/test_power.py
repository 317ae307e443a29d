"""Starting and stopping, and what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract


def words(cluster: Ganeti, name: str) -> tuple[str, str, bool | None]:
    found = cluster.get(name)
    return found.admin_state, found.status, found.oper_state


def test_starting_and_stopping_move_the_state_and_the_serial_number(cluster: Ganeti, machine: str) -> None:
    power = cluster.client.instances
    before = cluster.get(machine)
    cluster.done(power.start(machine))
    started = cluster.get(machine)
    assert words(cluster, machine) == ("up", "running", True)
    assert (started.oper_ram_mib, started.oper_vcpus) == (64, 1)
    assert started.serial_no > before.serial_no
    assert cluster.done(power.start(machine)).opresult == (None,)
    assert cluster.get(machine).serial_no == started.serial_no
    cluster.done(power.shutdown(machine, timeout_s=1))
    assert words(cluster, machine) == ("down", "ADMIN_down", False)
    stopped = cluster.get(machine)
    assert (stopped.oper_ram_mib, stopped.oper_vcpus) == (None, None)
    assert stopped.serial_no > started.serial_no
    cluster.done(power.shutdown(machine, timeout_s=1))


def test_a_stop_that_is_not_remembered_looks_like_an_accident(cluster: Ganeti, machine: str) -> None:
    power = cluster.client.instances
    cluster.done(power.start(machine))
    cluster.done(power.shutdown(machine, timeout_s=1, no_remember=True))
    assert words(cluster, machine) == ("up", "ERROR_down", False)
    cluster.done(power.shutdown(machine, timeout_s=1))
    cluster.done(power.start(machine, no_remember=True))
    assert words(cluster, machine) == ("down", "ERROR_up", True)
    cluster.done(power.shutdown(machine, timeout_s=1))
    assert words(cluster, machine) == ("down", "ADMIN_down", False)


def test_rebooting_a_stopped_machine_starts_it_and_says_so(cluster: Ganeti, machine: str) -> None:
    job = cluster.done(cluster.client.instances.reboot(machine, type="hard"))
    assert [entry.text for entry in job.log] == [
        f" - INFO: Instance {machine} was already stopped, starting now"
    ]
    assert words(cluster, machine) == ("up", "running", True)
    cluster.done(cluster.client.instances.shutdown(machine, timeout_s=1))


def test_an_offline_machine_cannot_be_started(cluster: Ganeti, machine: str) -> None:
    power = cluster.client.instances
    job = cluster.done(power.modify(machine, {"offline": True}))
    assert job.opresult == ([["admin_state", "offline"]],)
    assert words(cluster, machine) == ("offline", "ADMIN_offline", False)
    assert cluster.failed(power.start(machine)) == ("OpPrereqError", "wrong_state")
    cluster.done(power.modify(machine, {"offline": False}))
    assert words(cluster, machine) == ("down", "ADMIN_down", False)


def test_a_dry_run_of_a_start_only_says_what_it_is(cluster: Ganeti, machine: str) -> None:
    job = cluster.done(cluster.client.instances.start(machine, dry_run=True))
    assert job.log[-1].text == " - INFO: dry-run mode requested, not actually executing the operation"
    assert words(cluster, machine) == ("down", "ADMIN_down", False)


def test_a_dry_run_of_a_change_is_ignored_in_the_query_string_and_kept_in_the_body(
    cluster: Ganeti, machine: str
) -> None:
    path = f"/2/instances/{machine}/modify"
    cluster.done(cluster.raw("PUT", path, json={"beparams": {"vcpus": 3}, "dry_run": True}).json())
    assert cluster.get(machine).beparams["vcpus"] == 1
    cluster.done(cluster.raw("PUT", path + "?dry-run=1", json={"beparams": {"vcpus": 2}}).json())
    assert cluster.get(machine).beparams["vcpus"] == 2
    cluster.done(cluster.client.instances.modify(machine, {"beparams": {"vcpus": 1}}))


def test_memory_is_rounded_up_and_default_takes_an_override_away(cluster: Ganeti, machine: str) -> None:
    change = cluster.client.instances.modify
    cluster.done(change(machine, {"beparams": {"maxmem": 150}}))
    assert cluster.get(machine).beparams["maxmem"] == 152
    cluster.done(change(machine, {"beparams": {"auto_balance": False}}))
    assert cluster.get(machine).custom_beparams["auto_balance"] is False
    cluster.done(change(machine, {"beparams": {"auto_balance": "default", "maxmem": 64}}))
    assert "auto_balance" not in cluster.get(machine).custom_beparams


def test_a_change_of_nothing_fails(cluster: Ganeti, machine: str) -> None:
    job = cluster.finished(cluster.raw("PUT", f"/2/instances/{machine}/modify", json={}).json())
    assert job.opresult == (["OpPrereqError", ["No changes submitted", "wrong_input"]],)


def test_nics_are_added_changed_and_removed(cluster: Ganeti, machine: str) -> None:
    path = f"/2/instances/{machine}/modify"
    job = cluster.done(cluster.raw("PUT", path, json={"nics": [["add", -1, {"name": "eth0"}]]}).json())
    assert job.opresult is not None
    [[device, text]] = job.opresult[0]
    assert device == "nic.0"
    assert text.startswith("add:mac=")
    assert len(cluster.get(machine).nics) == 1
    change = {"nics": [["modify", "eth0", {"mac": "aa:00:00:51:51:51"}]]}
    cluster.done(cluster.raw("PUT", path, json=change).json())
    assert cluster.get(machine).nics[0].mac == "aa:00:00:51:51:51"
    job = cluster.done(cluster.raw("PUT", path, json={"nics": [["modify", 0, {"name": "lan"}]]}).json())
    assert job.opresult is not None
    assert [device for device, _ in job.opresult[0]] == [
        "nic.name/0",
        "nic.link/0",
        "nic.mode/0",
        "nic.vlan/0",
    ]
    job = cluster.done(cluster.raw("PUT", path, json={"nics": [["remove", -1, {}]]}).json())
    assert job.opresult == ([["NIC/0", "remove"]],)
    assert cluster.get(machine).nics == ()
