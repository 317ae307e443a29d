"""Groups, networks, nodes, rules for jobs, the cluster itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.rapi import NotFound

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract


def test_a_group_is_added_changed_renamed_and_removed(cluster: Ganeti) -> None:
    groups = cluster.client.groups
    job = cluster.done(groups.create("contract1"))
    assert (job.summary, job.opresult) == (("GROUP_ADD(contract1)",), (None,))
    assert cluster.failed(groups.create("contract1")) == ("OpPrereqError", "already_exists")
    job = cluster.done(groups.modify("contract1", {"alloc_policy": "unallocable"}))
    assert job.opresult == ([],)
    assert groups.get("contract1").alloc_policy == "unallocable"
    job = cluster.done(groups.rename("contract1", new_name="contract2"))
    assert job.opresult == ("contract2",)
    cluster.done(groups.delete("contract2", dry_run=True))
    cluster.done(groups.delete("contract2"))
    with pytest.raises(NotFound):
        groups.get("contract2")
    assert cluster.failed(groups.delete("contract2")) == ("OpPrereqError", "unknown_entity")


def test_a_group_with_nodes_stays(cluster: Ganeti) -> None:
    assert cluster.failed(cluster.client.groups.delete("default")) == ("OpPrereqError", "wrong_state")


def test_a_network_shows_which_addresses_are_taken(cluster: Ganeti) -> None:
    path = "/2/networks/contract"
    given = {"network_name": "contract", "network": "10.9.0.0/28", "gateway": "10.9.0.1"}
    cluster.done(cluster.raw("POST", "/2/networks", json={**given, "add_reserved_ips": ["10.9.0.5"]}).json())
    found = cluster.raw("GET", path).json()
    assert found["map"] == "XX...X.........X"
    assert (found["free_count"], found["reserved_count"]) == (12, 4)
    assert found["external_reservations"] == "10.9.0.0, 10.9.0.1, 10.9.0.5, 10.9.0.15"
    both = {"gateway": "10.9.0.2", "add_reserved_ips": ["10.9.0.7"]}
    assert cluster.failed(cluster.raw("PUT", path + "/modify", json=both).json())[1] == "wrong_input"
    change = {"add_reserved_ips": ["10.9.0.7"], "remove_reserved_ips": ["10.9.0.5"]}
    cluster.done(cluster.raw("PUT", path + "/modify", json=change).json())
    assert cluster.raw("GET", path).json()["map"] == "XX.....X.......X"
    connect = {"group_name": "default", "network_mode": "bridged", "network_link": "gntbr1"}
    cluster.done(cluster.raw("PUT", path + "/connect", json=connect).json())
    assert cluster.raw("GET", path).json()["group_list"] == [["default", "bridged", "gntbr1", ""]]
    assert cluster.failed(cluster.raw("DELETE", path).json()) == ("OpPrereqError", "wrong_state")
    cluster.done(cluster.raw("PUT", path + "/disconnect", json={"group_name": "default"}).json())
    cluster.done(cluster.raw("DELETE", path).json())
    assert cluster.raw("GET", path).status_code == 404


def test_an_impossible_netmask_is_refused_at_once(cluster: Ganeti) -> None:
    answer = cluster.raw("POST", "/2/networks", json={"network_name": "q", "network": "10.0.0.0/40"})
    assert answer.status_code == 500


def test_the_master_keeps_its_role(cluster: Ganeti) -> None:
    master = cluster.client.cluster.info().master
    assert cluster.client.nodes.role(master) == "master"
    answer = cluster.raw("PUT", f"/2/nodes/{master}/role", json="drained")
    assert cluster.failed(answer.json()) == ("OpPrereqError", "wrong_input")
    assert cluster.raw("PUT", f"/2/nodes/{master}/role", json="bogus").status_code == 400


def test_nothing_is_evacuated_in_both_roles_at_once(cluster: Ganeti) -> None:
    master = cluster.client.cluster.info().master
    answer = cluster.raw("POST", f"/2/nodes/{master}/evacuate", json={"mode": "all", "iallocator": "hail"})
    assert cluster.failed(answer.json()) == ("OpPrereqError", "wrong_input")


def test_where_one_machine_cannot_move_none_is_evacuated(large_cluster: Ganeti) -> None:
    machines = large_cluster.client.instances.list()
    node = next(each.pnode for each in machines if each.disk_template in {"plain", "file"})
    answer = large_cluster.raw(
        "POST",
        f"/2/nodes/{node}/evacuate",
        json={"mode": "primary-only", "iallocator": "hail", "ignore_soft_errors": True},
    )
    assert large_cluster.failed(answer.json())[0] == "OpExecError"
    there = {each.name for each in machines if each.pnode == node}
    assert there <= {each.name for each in large_cluster.client.instances.list() if each.pnode == node}


def test_a_rule_turns_jobs_away_before_they_begin(cluster: Ganeti, machine: str) -> None:
    rule = {
        "priority": 1,
        "predicates": [["reason", ["=", "reason", "contract-reject"]]],
        "action": "REJECT",
        "reason": [["contract", "a test", 1700000000000000000]],
    }
    uuid = cluster.raw("POST", "/2/filters", json=rule).json()
    try:
        found = cluster.raw("GET", f"/2/filters/{uuid}").json()
        assert found["predicates"] == [["reason", ["==", "reason", "contract-reject"]]]
        assert found["reason_trail"][0] == ["contract", "a test", 1700000000000000000]
        job = cluster.finished(cluster.client.instances.start(machine, reason="contract-reject"))
        assert (job.status, job.started_at, job.opresult) == ("canceled", None, (None,))
    finally:
        assert cluster.raw("DELETE", f"/2/filters/{uuid}").json() is None


@pytest.mark.parametrize(
    "change", [{"action": "pause"}, {"priority": -1}, {"predicates": [["bogus", ["=", "id", 1]]]}]
)
def test_a_rule_that_makes_no_sense_is_a_parse_failure(cluster: Ganeti, change: dict[str, object]) -> None:
    answer = cluster.raw(
        "POST", "/2/filters", json={"priority": 1, "predicates": [], "action": "PAUSE", **change}
    )
    assert answer.status_code == 502
    assert answer.json()["message"].startswith("Failed to parse request: ")


def test_the_list_of_systems_is_a_job(cluster: Ganeti) -> None:
    assert {"noop", "labos+live", "labos+slow"} <= set(cluster.client.cluster.operating_systems())
    assert cluster.client.jobs.get(cluster.client.jobs.ids()[-1]).summary == ("OS_DIAGNOSE",)


def test_a_machine_moves_to_another_node(large_cluster: Ganeti, movable: str) -> None:
    move = large_cluster.client.instances
    here = large_cluster.get(movable).pnode
    there = next(
        node.name
        for node in large_cluster.client.nodes.list()
        if node.name != here and not node.offline and not node.drained
    )
    assert large_cluster.failed(move.migrate(movable, target_node=there)) == ("OpPrereqError", "wrong_state")
    large_cluster.done(move.start(movable))
    job = large_cluster.done(move.migrate(movable, target_node=there))
    assert [job.log[0].text, job.log[-1].text] == [f"Migrating instance {movable}", "* done"]
    assert (large_cluster.get(movable).pnode, large_cluster.get(movable).status) == (there, "running")
    large_cluster.done(move.failover(movable, target_node=here, shutdown_timeout_s=1))
    assert (large_cluster.get(movable).pnode, large_cluster.get(movable).status) == (here, "running")
    large_cluster.done(move.shutdown(movable, timeout_s=1))
