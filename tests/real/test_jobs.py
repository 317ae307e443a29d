"""What the client reads about jobs, and what belongs to them, held against what the command line says."""

from __future__ import annotations

import pytest

from ganeti_webmgr.rapi import FINAL_STATUSES, Client
from tests.real.labs import Lab, finished

pytestmark = pytest.mark.real


def test_which_jobs_there_are(lab: Lab, client: Client) -> None:
    before = client.jobs.ids()
    said = {int(number): status for number, status in lab.table("gnt-job", "list", "-o", "id,status")}
    jobs = {job.id: job for job in client.jobs.list()}
    after = client.jobs.ids()
    assert set(before) <= said.keys() <= jobs.keys() <= set(after)
    over = [number for number, status in said.items() if status in FINAL_STATUSES]
    assert over
    assert {number: jobs[number].status for number in over} == {number: said[number] for number in over}


def test_what_became_of_jobs(client: Client) -> None:
    listed = [job for job in client.jobs.list() if job.is_final]
    queried = {job.id: job for job in client.query.jobs(0).parse()}
    for job in (listed[0], listed[len(listed) // 2], listed[-1]):
        whole = client.jobs.get(job.id)
        assert queried[job.id] == whole
        bare = whole.model_copy(update={"oplog": None, "opresult": None})
        assert bare == job
        assert len(whole.summary) == len(whole.ops) == len(whole.opstatus)
        assert whole.reason_trail
        change = client.jobs.wait(job.id, previous=[job.status], previous_log_serial=0)
        assert change is not None
        assert change.values == (job.status,)
        assert list(change.log) == whole.log


def test_a_query_for_jobs_brings_the_new_ones_and_those_that_are_asked_for(client: Client) -> None:
    ids = client.jobs.ids()
    last = ids[-1]
    job = finished(client, client.instances.info(client.instances.names()[0], static=True))
    found = {row.id for row in client.query.jobs(last, [ids[0], 99_999_999]).parse()}
    assert {ids[0], job.id} <= found
    assert found.isdisjoint({*ids[1:], 99_999_999})


def test_who_holds_a_lock(lab: Lab, client: Client) -> None:
    node = client.nodes.list()[-1]
    said = lab.command("gnt-debug", "delay", "--submit", "--print-jobid", "--no-master", "-n", node.name, "4")
    job_id = int(said.split()[-1])
    while (status := client.jobs.get(job_id).status) in ("queued", "waiting"):
        client.jobs.wait(job_id, previous=[status])
    held = {lock.name: lock for lock in client.query.locks().parse()}[f"node/{node.uuid}"]
    assert str(job_id) in (held.owner or ())
    assert held.mode in ("exclusive", "shared")
    assert finished(client, job_id).status == "success"


def test_which_exports_there_are(lab: Lab, client: Client) -> None:
    said = lab.table("gnt-backup", "list", "-o", "node,export")
    found = client.query.exports().parse()
    assert [[export.node, export.export or "?"] for export in found] == said
    assert {export.node for export in found} == set(client.nodes.names())


def test_which_rules_there_are_for_jobs(lab: Lab, client: Client) -> None:
    never = [["jobid", ["<", "id", 1]]]
    reason = [["test", "a test", 1_700_000_000_000_000_000]]
    uuid = client.filters.create(priority=99, predicates=never, reason=reason)
    try:
        rule = client.filters.get(uuid)
        assert (rule.uuid, rule.priority, rule.action) == (uuid, 99, "CONTINUE")
        assert [list(predicate) for predicate in rule.predicates] == never
        assert list(rule.reason_trail[0]) == reason[0]
        assert uuid in client.filters.uuids()
        assert rule in client.filters.list()
        assert rule in client.query.filters().parse()
        assert uuid in lab.command("gnt-filter", "list")
        assert client.filters.replace(uuid, priority=98, predicates=never) == uuid
        assert client.filters.get(uuid).priority == 98
    finally:
        client.filters.delete(uuid)
    assert uuid not in lab.command("gnt-filter", "list")
