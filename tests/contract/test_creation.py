"""Creating machines, and everything that may stand against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ganeti_webmgr.rapi import DiskSpec, NicSpec, NotFound

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract


def test_a_dry_run_says_where_it_would_be_and_makes_nothing(cluster: Ganeti) -> None:
    spec = cluster.spec(54)
    job = cluster.done(cluster.client.instances.create(spec, dry_run=True))
    nodes = {str(node.uuid) for node in cluster.client.nodes.list()}
    assert job.opresult is not None
    assert set(job.opresult[0]) <= nodes
    with pytest.raises(NotFound):
        cluster.get(spec.instance_name)


@pytest.mark.parametrize(
    ("change", "klass", "code"),
    [
        ({"os_type": "nosuch"}, "OpExecError", None),
        ({"os_type": "labos"}, "OpExecError", None),
        ({"os_type": "labos+nosuch"}, "OpExecError", None),
        ({"hypervisor": "xen-pvm"}, "OpPrereqError", "wrong_state"),
        ({"disk_template": "rbd", "disks": (DiskSpec(size_mib=1024),)}, "OpPrereqError", None),
        ({"beparams": {"memory": 999999}}, "OpPrereqError", None),
        ({"instance_name": "bad name!"}, "OpPrereqError", "wrong_input"),
        ({"instance_name": "x.nowhere.test", "name_check": True}, "OpPrereqError", "resolver_error"),
        ({"ip_check": True}, "OpPrereqError", "wrong_input"),
        ({"nics": (NicSpec(network="nosuch", ip="pool"),)}, "OpPrereqError", "unknown_entity"),
        ({"nics": (NicSpec(ip="not-an-ip"),)}, "OpPrereqError", "wrong_input"),
        ({"pnode": "nosuch.example"}, "OpPrereqError", "unknown_entity"),
        ({"beparams": {"nosuch": 1}}, "TypeEnforcementError", None),
        ({"hvparams": {"nosuch": 1}}, "TypeEnforcementError", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_made_is_a_failed_job(
    cluster: Ganeti, change: dict[str, Any], klass: str, code: str | None
) -> None:
    job = cluster.finished(cluster.client.instances.create(cluster.spec(54, **change)))
    assert job.error is not None
    assert job.error.klass == klass
    assert code is None or job.error.code == code


def test_a_name_is_taken_once(cluster: Ganeti, machine: str) -> None:
    job = cluster.finished(cluster.client.instances.create(cluster.spec(51)))
    said = f"Instance '{machine}' is already in the cluster"
    assert job.opresult == (["OpPrereqError", [said, "already_exists"]],)


def test_opportunistic_locking_is_for_allocators(cluster: Ganeti) -> None:
    node = cluster.client.nodes.list()[0].name
    spec = cluster.spec(54, pnode=node, opportunistic_locking=True)
    assert cluster.failed(cluster.client.instances.create(spec)) == ("OpPrereqError", "wrong_input")


def test_a_machine_whose_system_fails_to_install_stays_behind(cluster: Ganeti) -> None:
    spec = cluster.spec(
        55, disk_template="file", disks=(DiskSpec(size_mib=126, name="root"),), os_type="labos+broken"
    )
    job = cluster.finished(cluster.client.instances.create(spec))
    assert (job.status, job.error and job.error.klass) == ("error", "OpExecError")
    made = cluster.get(spec.instance_name)
    assert (made.status, made.os) == ("ADMIN_down", "labos+broken")
    assert [(disk.size_mib, disk.name) for disk in made.disks] == [(128, "root")]
    grown = cluster.done(cluster.client.instances.grow_disk(spec.instance_name, 0, amount_mib=64))
    assert grown.opresult == (None,)
    assert cluster.get(spec.instance_name).disks[0].size_mib == 192
    assert cluster.failed(cluster.client.instances.grow_disk(spec.instance_name, 9, amount_mib=64)) == (
        "OpPrereqError",
        "wrong_input",
    )
    cluster.done(cluster.client.instances.delete(spec.instance_name))
    with pytest.raises(NotFound):
        cluster.get(spec.instance_name)


def test_a_stopped_machine_can_have_another_name(cluster: Ganeti) -> None:
    spec = cluster.spec(56)
    cluster.done(cluster.client.instances.create(spec))
    uuid = cluster.get(spec.instance_name).uuid
    job = cluster.done(cluster.client.instances.rename(spec.instance_name, new_name=cluster.name(57)))
    assert (job.summary, job.opresult) == (("INSTANCE_RENAME",), (cluster.name(57),))
    assert cluster.get(cluster.name(57)).uuid == uuid
    cluster.done(cluster.client.instances.delete(cluster.name(57)))
