"""Why a job waits in its cluster's queue: for another job, a lock, a rule, or a place."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.naming import title
from ganeti_webmgr.jobs.rules import in_the_way, sync_rules
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.wording import words

LEVELS = {
    "node": "node",
    "node-res": "disks of node",
    "nodegroup": "group",
    "network": "network",
}
WHOLE = "the whole cluster"
ALL = "[lockset]"  # in the place of a name: every lock of the level
EVERY = {
    "instance": "all machines",
    "node": "all nodes",
    "node-res": "the disks of all nodes",
    "nodegroup": "all groups",
    "network": "all networks",
}

Wait = dict[str, Any]  # {"for": "jobs" | "lock" | "rule" | "place", …}: what a job's row keeps


def waits(
    cluster: Cluster, client: rapi.Client, rows: Iterable[rapi.JobRow], before: Mapping[int, str]
) -> dict[int, list[Wait]]:
    """By number, what each of the jobs waits for that were waiting when they were read last, too.

    `before` has their states of then. Most jobs wait for a moment only: of those nothing is asked.
    """
    still = [row for row in rows if not row.is_final and before.get(row.id) == row.status]
    found: dict[int, list[Wait]] = {}
    if waiting := [row for row in still if row.status == "waiting"]:
        locks = client.query.locks().parse()
        found |= {row.id: _locks(row, locks, cluster) for row in waiting}
    if queued := [row for row in still if row.status == "queued"]:
        sync_rules(cluster, client)
        rules = list(cluster.queue_rules.all())
        found |= {row.id: _queued(row, rules, cluster) for row in queued}
    return found


def _locks(row: rapi.JobRow, locks: Iterable[rapi.Lock], cluster: Cluster) -> list[Wait]:
    """The locks that the job has asked for and not got, with the jobs that have them."""
    mine, locks = str(row.id), list(locks)
    own = {str(op.get("instance_name")) for op in row.ops}
    found: list[Wait] = [
        {
            "for": "lock",
            "lock": _named(lock.name, cluster, own),
            "jobs": _holders(lock, locks, mine),
        }
        for lock in locks
        if any(mine in owners for _, owners in lock.pending or ())
    ]
    return [wait for wait in found if wait["jobs"]] or found


def _holders(lock: rapi.Lock, locks: Sequence[rapi.Lock], mine: str) -> list[int]:
    """Who has the lock; of all locks of a level, whoever has one of them."""
    level, _, name = lock.name.partition("/")
    of_level = [each for each in locks if each.name.startswith(f"{level}/")] if name == ALL else [lock]
    owners = {owner for each in of_level for owner in each.owner or ()} - {mine}
    return sorted(map(int, owners))


def _named(lock: str, cluster: Cluster, own: Container[str]) -> str:
    """ "node node2.example.org" for "node/" and its uuid; of machines only the job's `own` are named."""
    level, _, name = lock.partition("/")
    if name == ALL:
        return EVERY.get(level, WHOLE)
    if level == "instance":
        return f"the machine {name}" if name in own else "another machine"
    if level not in LEVELS:
        return WHOLE
    return f"the {LEVELS[level]} {_with_uuid(level, name, cluster) or name}"


def _with_uuid(level: str, uuid: str, cluster: Cluster) -> str:
    if level == "nodegroup":
        return cluster.nodegroups.filter(uuid=uuid).values_list("name", flat=True).first() or ""
    if level == "network":
        return cluster.networks.filter(uuid=uuid).values_list("name", flat=True).first() or ""
    return cluster.nodes.filter(uuid=uuid).values_list("name", flat=True).first() or ""


def _queued(row: rapi.JobRow, rules: Sequence[Any], cluster: Cluster) -> list[Wait]:
    after = [number for op in row.ops for number, _ in op.get("depends") or () if number > 0]
    if open_ones := _open(cluster, after):
        return [{"for": "jobs", "jobs": open_ones}]
    if rule := in_the_way(rules, row):
        return [{"for": "rule", "rule": rule.uuid, "said": rule.said}]
    most = cluster.info.get("max_running_jobs") or 0
    under_way = cluster.jobs.in_flight().filter(ganeti_status__in=["waiting", "running"]).count()
    return [{"for": "place", "most": most}] if most and under_way >= most else []


def _open(cluster: Cluster, numbers: list[int]) -> list[int]:
    rows = cluster.jobs.open().filter(ganeti_id__in=numbers)
    return [number for number in rows.values_list("ganeti_id", flat=True) if number]


@dataclass(frozen=True)
class Told:
    """One reason in words, with the jobs that are in the way."""

    text: str
    jobs: list[tuple[str, Job | None]]


def told(job: Job, user: User) -> list[Told]:
    """Why the job waits, for its page. A job that is in the way is None where the person may not see it."""
    numbers = {number for wait in job.waits_for for number in wait.get("jobs", ())}
    seen = Job.objects.filter(cluster=job.cluster_id, ganeti_id__in=numbers)
    rows = {row.ganeti_id: row for row in policy.permitted(user, "view", seen)} if numbers else {}
    return [
        Told(
            said(wait),
            [
                (f"Job {number}" + (f", {title(rows[number])}" if number in rows else ""), rows.get(number))
                for number in wait.get("jobs", ())
            ],
        )
        for wait in job.waits_for
    ]


def brief(job: Job) -> str:
    """The same in a few words, for a line of a list."""
    return words(_brief(wait) for wait in job.waits_for)


def said(wait: Wait) -> str:
    """The reason, without the jobs that are in the way."""
    if wait["for"] == "lock":
        return f"It needs {wait['lock']}."
    if wait["for"] == "rule":
        return f"A rule of the queue holds it back: {wait['said']}."
    if wait["for"] == "place":
        return f"All places for running jobs are taken: the cluster runs {wait['most']} at once."
    return "It was asked to run after another."


def _brief(wait: Wait) -> str:
    numbers = [f"job {number}" for number in wait.get("jobs", ())]
    if wait["for"] == "lock":
        held = f", held by {words(numbers)}" if numbers else ""
        return f"needs {wait['lock']}{held}"
    if wait["for"] == "rule":
        return f"held back by a rule: {wait['said']}"
    return f"runs after {words(numbers)}" if numbers else "waits for a place"
