"""Jobs a cluster has behind it when it is first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..jobs.job import Job, Op
from ..opcodes import build

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster
    from ..model.instance import Instance

SPAN_S = 5 * 3600
EXPORT_S = 2700
_PEOPLE = ("alice", "bob", "carol")
_ROUTINE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("OP_INSTANCE_STARTUP", {}),
    ("OP_INSTANCE_REBOOT", {"reboot_type": "hard"}),
    ("OP_INSTANCE_SHUTDOWN", {}),
)


def add_history(cluster: SimulatedCluster, count: int) -> None:
    """That many finished jobs over the last five hours: mostly short ones, one long export, one failure."""
    machines = list(cluster.instances.values())
    if not machines or count < 1:
        return
    began = cluster.now() - SPAN_S
    for number in range(count):
        instance = machines[number * 7 % len(machines)]
        at = began + number * (SPAN_S - EXPORT_S - 600) / count
        who = _PEOPLE[number % len(_PEOPLE)]
        if number == count // 2:
            _export(cluster, instance, at, who)
        elif number == count // 3:
            _failed_create(cluster, at, who)
        else:
            op_id, more = _ROUTINE[number % len(_ROUTINE)]
            params = {"instance_name": instance.name, **more}
            _add(cluster, op_id, params, at=at, seconds=3 + number % 9, who=who)
    # The latest end belongs to the longest job, not to the last one.
    cluster.queue.last_id = max(cluster.queue.jobs)


def _add(
    cluster: SimulatedCluster, op_id: str, params: dict[str, Any], *, at: float, seconds: float, who: str
) -> Op:
    queue = cluster.queue
    queue.last_id += 1
    ns = int(at * 1e6) * 1000
    reason: list[list[Any]] = [
        ["gnt:client:gnt-instance", op_id.rpartition("_")[2].lower(), ns],
        ["gnt:user", f"{who}: routine", ns],
        [f"gnt:opcode:{op_id[3:].lower()}", f"job={queue.last_id};index=0", ns],
    ]
    opcode = build(op_id, params, release=cluster.config.release, reason=reason)
    op = Op(input=opcode.stored(), summary=opcode.summary(), status="success")
    op.start, op.execute, op.end = at + 0.3, at + 0.5, at + seconds
    queue.jobs[queue.last_id] = Job(id=queue.last_id, ops=[op], received=at, start=at + 0.3, end=op.end)
    return op


def _export(cluster: SimulatedCluster, instance: Instance, at: float, who: str) -> None:
    target = list(cluster.nodes)[-1]
    params = {"instance_name": instance.name, "target_node": target, "shutdown": False}
    op = _add(cluster, "OP_BACKUP_EXPORT", params, at=at, seconds=EXPORT_S, who=who)
    job = cluster.queue.jobs[cluster.queue.last_id]
    op.result = [True, [True for _ in instance.disks]]
    job.write(op, f"Exporting disk/0 from {instance.pnode} to {target}", at + 1)
    for percent in range(2, 101, 2):
        moment = at + EXPORT_S * percent / 101
        job.write(op, f"disk/0 sent {percent * 200}M, 74.1 MiB/s, {percent}%", moment)
    job.write(op, " - WARNING: Could not remove snapshot of disk/0, it is still in use", at + EXPORT_S - 2)
    job.write(op, f"Finalizing export on {target}", at + EXPORT_S - 1)
    cluster.nodes[target].exports = [instance.name]


def _failed_create(cluster: SimulatedCluster, at: float, who: str) -> None:
    params = {
        "instance_name": f"huge1.{cluster.name}",
        "mode": "create",
        "disk_template": "plain",
        "disks": [{"size": 921600}],
        "nics": [{}],
        "os_type": "debootstrap+bookworm",
        "beparams": {"memory": 524288, "vcpus": 8},
    }
    op = _add(cluster, "OP_INSTANCE_CREATE", params, at=at, seconds=2, who=who)
    op.status = "error"
    op.result = [
        "OpPrereqError",
        [
            "Can't compute nodes using iallocator 'hail': Request failed: Group default (preferred): "
            f"No valid allocation solutions, failure reasons: FailMem: {len(cluster.nodes)}",
            "insufficient_resources",
        ],
    ]
