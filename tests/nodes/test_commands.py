"""Everything that is done to a node, from its page to what came of it on the cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import follow, naming, runner
from ganeti_webmgr.jobs.follow import parent_of
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in
from tests.vms.estate import sent

from .asking import asked, page, post, problems

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]
ROLES = [
    ("drain", {}, "D", "gnt-node modify --drained=yes {0}"),
    ("offline", {"auto_promote": "on"}, "O", "gnt-node modify --offline=yes --auto-promote {0}"),
    ("offline", {"force": "on"}, "O", "gnt-node modify --offline=yes --force {0}"),
]


def done(job: Job) -> Job:
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.DONE, "")
    return job


@pytest.mark.parametrize(("verb", "typed", "role", "line"), ROLES)
def test_a_node_changes_its_role(
    verb: str, typed: dict[str, str], role: str, line: str, by_alice: Client, node: Node, work: Work
) -> None:
    job = asked(by_alice, node, verb, **typed)
    work(node.cluster)
    done(job)
    node.refresh_from_db()
    assert node.role == role
    assert naming.line(job) == line.format(node.name)


def test_the_question_reads_as_a_sentence(by_alice: Client, node: Node) -> None:
    assert f"<h1>Set {node} offline?</h1>" in page(by_alice, node, "offline").content.decode()
    assert f"<h1>Drain {node}?</h1>" in page(by_alice, node, "drain").content.decode()


def test_a_machine_that_was_set_offline_is_called_so_on_the_page_of_its_node(
    by_alice: Client, stopped: VirtualMachine
) -> None:
    VirtualMachine.objects.filter(pk=stopped.pk).update(status="ADMIN_offline")
    assert stopped.primary_node is not None
    shown = by_alice.get(stopped.primary_node.get_absolute_url()).content.decode()
    assert "<p>Set offline · " in shown


@pytest.mark.parametrize("away", ["drain", "offline"])
def test_a_node_comes_back(away: str, by_alice: Client, node: Node, work: Work) -> None:
    asked(by_alice, node, away, auto_promote="on")
    work(node.cluster)
    back = page(by_alice, node, "bring-back").content.decode()
    assert ("gnt-node add --readd" in back) == (away == "offline")
    job = asked(by_alice, node, "bring-back", role="master-candidate")
    work(node.cluster)
    done(job)
    node.refresh_from_db()
    assert node.role == Node.Role.CANDIDATE


def test_the_role_that_it_has_is_not_asked_for(by_alice: Client, node: Node) -> None:
    assert problems(post(by_alice, node, "role", role="master-candidate")) == {
        "role": ["It is master candidate already."]
    }
    assert not Job.objects.filter(node=node).exclude(command="").exists()


@pytest.mark.parametrize("verb", ["drain", "offline", "role"])
def test_the_master_keeps_its_role(verb: str, by_alice: Client, master: Node) -> None:
    assert "gnt-cluster master-failover" in page(by_alice, master, verb).content.decode()
    assert post(by_alice, master, verb, role="regular").status_code == 409
    assert not Job.objects.filter(node=master).exclude(command="").exists()


def test_a_plan_says_which_machines_move_and_which_cannot(
    by_alice: Client, node: Node, ganeti: SimulatedCluster
) -> None:
    shown = page(by_alice, node, "migrate").context["form"].plan
    told = {line.vm.name: line.fate for line in shown.lines}
    assert set(told) == {vm.name for vm in node.primary_vms.all()}
    for vm in node.primary_vms.all():
        stays = vm.disk_template in {"plain", "file"} or not vm.oper_state
        assert told[vm.name].is_stuck == stays, vm
        if vm.disk_template == "drbd" and vm.oper_state:
            assert told[vm.name].state.label == f"Migrates to {vm.secondary_node}"
    assert "cannot move" in shown.summary


def test_a_migration_is_told_as_a_whole(
    by_alice: Client, alice: User, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    running = node.primary_vms.filter(oper_state=True)
    movable = {vm.name for vm in running.exclude(disk_template__in=["plain", "file"])}
    assert movable
    job = asked(by_alice, node, "migrate", mode="live")
    runner.send(job)
    job.refresh_from_db()
    # With a reason Ganeti would ignore the rest of the request.
    assert "reason" not in ganeti.requests[-1].query
    work(node.cluster)
    done(job)
    children = list(job.children.all())
    assert {child.target_name for child in children if child.status == Status.DONE} == movable
    failed = [child for child in children if child.status == Status.FAILED]
    assert len(children) == len(movable) + len(failed) == node.details["pinst_cnt"]
    assert {child.origin for child in children} == {alice.username}
    shown = by_alice.get(job.get_absolute_url())
    assert shown.context["state"].label == f"{len(movable)} of {len(children)} done, {len(failed)} failed"
    assert shown.context["state"].tone == "bad"
    assert f"{len(movable)} of {len(children)} done" in by_alice.get(node.get_absolute_url()).content.decode()
    assert f"{len(movable)} of {len(children)} done" in by_alice.get("/jobs/").content.decode()
    told = [event.words.label for event in Event.objects.filter(job_id=job.pk).order_by("pk")]
    assert told[1:] == [
        f"Migrate machines away began {len(children)} jobs:",
        f"Migrate machines away: {len(movable)} of {len(children)} done, {len(failed)} failed:",
    ]
    assert "Migrate machines away done:" not in by_alice.get("/record/").content.decode()


def test_while_moves_run_the_whole_is_not_done(by_alice: Client, node: Node, work: Work) -> None:
    job = asked(by_alice, node, "migrate")
    work(node.cluster)
    first, *others = job.children.order_by("pk")
    assert others
    Job.objects.filter(pk=first.pk).update(status=Status.RUNNING, ganeti_status="running", ended_at=None)
    assert by_alice.get(job.get_absolute_url()).context["state"].tone == "busy"
    assert "Being emptied" in by_alice.get(node.get_absolute_url()).content.decode()


def test_the_record_tells_of_the_whole_once_and_when_the_last_move_has_ended(
    by_alice: Client, node: Node, ganeti: SimulatedCluster
) -> None:
    job = asked(by_alice, node, "migrate")
    runner.send(job)
    ganeti.wait_for_jobs()
    with connect(node.cluster) as client:
        rows = client.query.jobs(after_id=node.cluster.last_job_id or 0).parse()
    ours = [row for row in rows if row.id == Job.objects.get(pk=job.pk).ganeti_id]
    moves = [row for row in rows if row not in ours]
    assert len(moves) > 1
    whole = Event.objects.filter(job_id=job.pk, action="job.all-ended")
    for known in (moves[:1], ours):
        follow._save(node.cluster, known, {})
        assert not whole.exists()
    for _ in range(2):
        follow._save(node.cluster, moves[1:], {})
        assert (whole.get().after or {})["outcome"]["total"] == len(moves)


def test_a_move_that_the_cluster_has_forgotten_ends_the_whole(
    by_alice: Client, node: Node, work: Work
) -> None:
    job = asked(by_alice, node, "migrate")
    work(node.cluster)
    whole = Event.objects.filter(job_id=job.pk, action="job.all-ended").order_by("pk")
    (before,) = whole
    move = job.children.earliest("pk")
    had_failed = move.status == Status.FAILED
    failed = (before.after or {})["outcome"]["failed"]
    Job.objects.filter(pk=move.pk).update(status=Status.RUNNING)
    move.refresh_from_db()
    follow._end(move, "The cluster has forgotten it.")
    _, again = whole.all()
    assert (again.after or {})["outcome"]["failed"] == failed + (not had_failed)


def test_a_lost_answer_for_a_migration_is_found_by_its_comment(
    by_alice: Client, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    job = asked(by_alice, node, "migrate")
    ganeti.fault("lose_answer", path="/migrate$", times=1)
    runner.send(job)
    job.refresh_from_db()
    assert (job.status, job.ganeti_id) == (Status.UNKNOWN, None)
    work(node.cluster)
    done(job)
    assert job.children.exists()
    assert len([found for found in ganeti.requests if found.path.endswith("/migrate")]) == 1


def test_a_move_that_is_listed_first_is_not_taken_for_the_job_whose_answer_was_lost(
    by_alice: Client, node: Node, ganeti: SimulatedCluster
) -> None:
    job = asked(by_alice, node, "evacuate-secondaries")
    ganeti.fault("lose_answer", path="/evacuate$", times=1)
    runner.send(job)
    ganeti.wait_for_jobs()
    with connect(node.cluster) as client:
        rows = client.query.jobs(after_id=node.cluster.last_job_id or 0).parse()
    parent = next(row for row in rows if row.ops[0]["OP_ID"] == "OP_NODE_EVACUATE")
    moves = [row for row in rows if parent_of(row) == parent.id]
    assert moves
    follow._save(node.cluster, moves, {})
    job.refresh_from_db()
    assert job.status == Status.UNKNOWN
    assert job.children.count() == len(moves)
    follow._save(node.cluster, [parent], {})
    job.refresh_from_db()
    assert done(job).ganeti_id == parent.id


def test_primaries_are_evacuated_where_all_of_them_can_move(
    by_alice: Client, ganeti: SimulatedCluster, node: Node, work: Work
) -> None:
    stuck = node.primary_vms.filter(disk_template__in=["plain", "file"])
    assert stuck
    told = problems(post(by_alice, node, "evacuate-primaries"))
    assert "cannot move and" in told["__all__"][0]
    assert not Job.objects.exclude(command="").exists()
    for vm in stuck:
        ganeti.config.instances[vm.name].template = "sharedfile"
    stuck.update(disk_template="sharedfile")
    job = asked(by_alice, node, "evacuate-primaries")
    assert naming.line(job) == f"gnt-node evacuate --primary-only {node}"
    work(node.cluster)
    done(job)
    assert not node.primary_vms.filter(missing_since=None).exists()


def test_mirrors_are_evacuated(by_alice: Client, ganeti: SimulatedCluster, node: Node) -> None:
    job = asked(by_alice, node, "evacuate-secondaries", iallocator="hail", early_release="on")
    request = sent(ganeti, job)
    assert (request.path, request.body) == (
        f"/2/nodes/{node.name}/evacuate",
        {"mode": "secondary-only", "iallocator": "hail", "early_release": True},
    )


def test_a_mirror_does_not_go_where_its_machine_is(by_alice: Client, node: Node, master: Node) -> None:
    assert node.secondary_vms.filter(primary_node=master).exists()
    told = problems(post(by_alice, node, "evacuate-secondaries", remote_node=master.name))
    assert "already" in told["remote_node"][0]
    both = post(by_alice, node, "evacuate-secondaries", remote_node=master.name, iallocator="hail")
    assert "not both" in problems(both)["iallocator"][0]


def test_nothing_is_migrated_off_a_node_that_is_offline(by_alice: Client, node: Node, work: Work) -> None:
    asked(by_alice, node, "offline", auto_promote="on")
    work(node.cluster)
    assert post(by_alice, node, "migrate").status_code == 409
    assert post(by_alice, node, "power-cycle", typed=node.name).status_code == 409
    assert "Choose and fail over" in by_alice.get(node.get_absolute_url()).content.decode()


def test_the_power_is_cycled_once_the_name_was_typed(
    by_alice: Client, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    assert problems(post(by_alice, node, "power-cycle", typed="node"))["typed"]
    before = ganeti.config.nodes[node.name].bootid
    job = asked(by_alice, node, "power-cycle", typed=node.name)
    work(node.cluster)
    done(job)
    assert ganeti.config.nodes[node.name].bootid != before


def test_the_power_of_the_master_needs_a_second_word(by_alice: Client, master: Node) -> None:
    assert problems(post(by_alice, master, "power-cycle", typed=master.name))["force"]
    job = asked(by_alice, master, "power-cycle", typed=master.name, force="on")
    assert naming.line(job) == f"gnt-node powercycle --force {master}"


def test_a_locked_machine_keeps_the_power_of_its_node(by_alice: Client, node: Node) -> None:
    vm = node.primary_vms.filter(oper_state=True).earliest("pk")
    vm.lock_reason = "Incident"
    vm.save()
    assert "Locked: Incident" in page(by_alice, node, "power-cycle").content.decode()
    answer = post(by_alice, node, "power-cycle", typed=node.name)
    assert (answer.status_code, vm.name in answer.content.decode()) == (409, True)


def test_parameters_are_set_and_taken_away(by_alice: Client, node: Node, work: Work) -> None:
    same = {"master_capable": "on", "vm_capable": "on", "secondary_ip": node.secondary_ip}
    assert problems(post(by_alice, node, "change", **same))["__all__"]
    job = asked(by_alice, node, "change", **same, spindle_count="4", ovs="true", oob_program="/usr/bin/oob")
    work(node.cluster)
    done(job)
    node.refresh_from_db()
    own = {"spindle_count": 4, "ovs": True, "oob_program": "/usr/bin/oob"}
    assert node.details["custom_ndparams"] == own
    shown = {found.name: found for found in by_alice.get(node.get_absolute_url()).context["parameters"]}
    assert (shown["spindle_count"].source, shown["spindle_count"].inherited) == ("this node", 1)
    assert shown["ssh_port"].source == "the cluster"
    job = asked(by_alice, node, "change", **same, ovs="true", oob_program="/usr/bin/oob")
    assert job.params["ndparams"] == {"spindle_count": "default"}
    work(node.cluster)
    node.refresh_from_db()
    assert node.details["custom_ndparams"] == {"ovs": True, "oob_program": "/usr/bin/oob"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("spindle_count", "0"),
        ("spindle_count", "9" * 40),
        ("ssh_port", "many"),
        ("cpu_speed", "nan"),
        ("ovs", "perhaps"),
        ("secondary_ip", "10.0.0"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(field: str, typed: str, by_alice: Client, node: Node) -> None:
    assert field in problems(post(by_alice, node, "change", **{field: typed}))


def test_a_node_with_machines_goes_on_holding_them(by_alice: Client, node: Node) -> None:
    assert "Empty it first" in problems(post(by_alice, node, "change", master_capable="on"))["vm_capable"][0]


def test_storage_is_read_when_asked_for_and_then_shown(by_alice: Client, node: Node, work: Work) -> None:
    assert "Not read yet" in by_alice.get(node.get_absolute_url()).content.decode()
    for kind in ("lvm-vg", "lvm-pv"):
        job = asked(by_alice, node, "read-storage", storage_type=kind)
        work(node.cluster)
        done(job)
    shown = by_alice.get(node.get_absolute_url())
    assert {kind.kind: kind.units[0].name for kind in shown.context["storage"]} == {
        "lvm-vg": "xenvg",
        "lvm-pv": "/dev/sda3",
    }
    assert "modify-storage/?unit=/dev/sda3" in shown.content.decode()


def test_storage_is_changed_and_repaired(
    by_alice: Client, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    assert 'value="/dev/sda3"' in page(by_alice, node, "modify-storage", unit="/dev/sda3").content.decode()
    job = asked(by_alice, node, "modify-storage", unit="/dev/sda3")
    assert sent(ganeti, job).query == {
        "storage_type": ["lvm-pv"],
        "name": ["/dev/sda3"],
        "allocatable": ["0"],
    }
    work(node.cluster)
    done(job)
    job = asked(by_alice, node, "repair-storage", unit="xenvg")
    assert naming.line(job) == f"gnt-node repair-storage {node} lvm-vg xenvg"
    work(node.cluster)
    done(job)
    assert "unit" in problems(post(by_alice, node, "repair-storage", unit="two words"))


def test_tags_come_and_go(by_alice: Client, node: Node, work: Work) -> None:
    asked(by_alice, node, "tags", tags="rack:a spare")
    work(node.cluster)
    asked(by_alice, node, "tags", tags="rack:b spare")
    work(node.cluster)
    work(node.cluster)  # takes the others away
    node.refresh_from_db()
    assert set(node.tags) == {"rack:b", "spare"}


def test_who_only_sees_a_node_is_told_why_he_may_not(
    by_alice: Client, alice: User, charlie: User, node: Node
) -> None:
    grant(charlie, node.cluster, by=alice, role="viewer")
    browser = signed_in(charlie)
    assert browser.get(node.get_absolute_url()).status_code == 200
    assert post(browser, node, "drain").status_code == 403
    assert not Job.objects.filter(node=node).exclude(command="").exists()


def test_what_was_done_is_on_the_page_of_the_node(by_alice: Client, node: Node, work: Work) -> None:
    asked(by_alice, node, "drain")
    work(node.cluster)
    shown = by_alice.get(node.get_absolute_url())
    assert [event.action for event in shown.context["events"]] == ["job.ended", "job.requested"]
    assert Event.objects.filter(target_kind="node", target_id=node.pk).count() == 2
    assert by_alice.get(f"/record/?about=node:{node.pk}").status_code == 200


def test_a_verb_that_is_none_is_not_there(by_alice: Client, node: Node) -> None:
    assert page(by_alice, node, "explode").status_code == 404


def test_a_name_that_came_back_is_the_one_that_is_there(by_alice: Client, node: Node) -> None:
    twin: dict[str, Any] = {"cluster": node.cluster, "name": node.name, "role": "R"}
    Node.objects.create(uuid="gone", missing_since=node.first_seen_at, **twin)
    assert by_alice.get(node.get_absolute_url()).context["node"] == node


def test_moves_that_the_command_line_began_are_told_as_a_whole_too(
    by_alice: Client, node: Node, ganeti: SimulatedCluster, work: Work
) -> None:
    with connect(node.cluster) as client:
        client.nodes.migrate(node.name)
    ganeti.wait_for_jobs()
    work(node.cluster)
    parent = Job.objects.get(operations__0__op="OP_NODE_MIGRATE", node=node)
    assert parent.command == ""
    assert parent.children.count() == node.details["pinst_cnt"]
    assert {child.origin for child in parent.children.all()} == {parent.origin}
    assert " done" in by_alice.get(parent.get_absolute_url()).context["state"].label
