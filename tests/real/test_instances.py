"""What the client reads about machines, held against what the command line says: those the lab came with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest

from ganeti_webmgr.rapi import Client, ConsoleUnavailable, Instance, instance_details
from tests.real.labs import Lab, finished, words

pytestmark = pytest.mark.real


def stays(name: str) -> bool:
    """Whether it is one of the machines the lab came with."""
    return re.match(r"vm([1-9]|10)[.]", name) is not None


def staying(machines: Iterable[Instance]) -> list[Instance]:
    return [machine for machine in machines if stays(machine.name)]


COLUMNS: dict[str, Callable[[Instance], object]] = {
    "name": lambda machine: machine.name,
    "uuid": lambda machine: machine.uuid,
    "os": lambda machine: machine.os,
    "admin_state": lambda machine: machine.admin_state,
    "status": lambda machine: machine.status,
    "oper_ram": lambda machine: machine.oper_ram_mib,
    "oper_vcpus": lambda machine: machine.oper_vcpus,
    "pnode": lambda machine: machine.pnode,
    "disk_template": lambda machine: machine.disk_template,
    "disk.sizes": lambda machine: tuple(disk.size_mib for disk in machine.disks),
    "nic.macs": lambda machine: tuple(nic.mac for nic in machine.nics),
    "nic.ips": lambda machine: tuple(nic.ip for nic in machine.nics),
    "nic.links": lambda machine: tuple(nic.link for nic in machine.nics),
    "network_port": lambda machine: machine.network_port,
    "be/maxmem": lambda machine: machine.beparams["maxmem"],
    "be/vcpus": lambda machine: machine.beparams["vcpus"],
    "serial_no": lambda machine: machine.serial_no,
}


def test_which_machines_there_are_and_what_each_of_them_is(lab: Lab, client: Client) -> None:
    said = lab.table("gnt-instance", "list", "-o", ",".join(COLUMNS), "--units=m")
    expected = [row for row in said if stays(row[0])]
    machines = staying(client.instances.list())
    assert [[words(read(machine)) for read in COLUMNS.values()] for machine in machines] == expected
    assert len(machines) == (5 if lab.name == "lab1" else 10)
    assert {name for name in client.instances.names() if stays(name)} == {row[0] for row in expected}
    for machine in machines:
        assert client.instances.get(machine.name) == machine


def test_a_query_knows_all_that_the_plain_list_knows_and_more(lab: Lab, client: Client) -> None:
    machines = staying(client.instances.list())
    rows = client.query.instances([machine.uuid for machine in machines]).parse()
    everything = {row.uuid: row for row in client.query.instances().parse()}
    states = {state.uuid: state for state in client.query.instance_states().parse()}
    assert {row.uuid for row in rows} == {machine.uuid for machine in machines}
    for machine in machines:
        row, state = everything[machine.uuid], states[machine.uuid]
        assert row in rows
        known = machine.model_dump(exclude={"custom_osparams", "beparams"})
        told = {**row.model_dump(), **state.model_dump()}
        assert {name: told[name] for name in known} == known
        # The plain list repeats maxmem under its older name.
        assert machine.beparams == {**row.beparams, "memory": row.beparams["maxmem"]}
    fields = "name,hypervisor,pnode.group,admin_state_source,disks_active"
    said = [row for row in lab.table("gnt-instance", "list", "-o", fields) if stays(row[0])]
    assert said == [
        [
            row.name,
            words(row.hypervisor),
            words(row.pnode_group),
            words(row.admin_state_source),
            "Y" if row.disks_active else "N",
        ]
        for row in everything.values()
        if stays(row.name)
    ]


def test_a_query_asks_for_what_it_wants_of_whom_it_wants(lab: Lab, client: Client) -> None:
    stopped = ["&", ["==", "admin_state", "down"], ["=~", "name", r"^vm[0-9]0?[.]"]]
    rows = client.query.rows("instance", ["name", "be/memory", "nosuch"], stopped).parse()
    said = lab.table("gnt-instance", "list", "-o", "name,be/memory,status", "--units=m")
    assert rows == [
        {"name": name, "be/memory": int(memory), "nosuch": None}
        for name, memory, status in said
        if stays(name) and status == "ADMIN_down"
    ]
    assert rows


def test_what_the_nodes_know_of_a_machine(lab: Lab, client: Client) -> None:
    [machine] = [item for item in client.instances.list() if item.name == f"vm1.{lab.domain}"]
    for static in (True, False):
        job = finished(client, client.instances.info(machine.name, static=static, reason="a test looks"))
        [details] = instance_details(job).values()
        assert (details.uuid, details.config_state) == (machine.uuid, "up")
        assert details.run_state == (None if static else "up")
        assert [disk.size_mib for disk in details.disks] == [disk.size_mib for disk in machine.disks]
        assert f"Hypervisor: {details.hypervisor}" in lab.command("gnt-instance", "info", machine.name)
        assert "a test looks" in [step.text for step in job.reason_trail]


CONSOLES = {
    "lab1": {"vm1": None, "vm2": "ssh", "vm4": None, "vm5": "msg"},  # a screen, serial, stopped, made up
    "lab2": {"vm1": "msg", "vm3": None},
}


def test_how_consoles_are_reached(lab: Lab, client: Client) -> None:
    for number, kind in CONSOLES[lab.name].items():
        name = f"{number}.{lab.domain}"
        if kind is None:
            with pytest.raises(ConsoleUnavailable):
                client.instances.console(name)
            continue
        console = client.instances.console(name)
        assert (console.instance, console.kind) == (name, kind)
        if kind == "ssh":
            assert (console.host, console.user) == (client.instances.get(name).pnode, "root")
            assert console.command
        else:
            assert console.message == "Console not available for fake hypervisor"
