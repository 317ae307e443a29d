"""Jobs in all the shapes they come in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from ganeti_webmgr.rapi import Job, JobError, LogEntry, Spawned
from ganeti_webmgr.rapi.types.failure import job_error

from ..recorded import RECORDINGS, Recording

JOBS = [r for r in RECORDINGS if r.status == 200 and isinstance(r.answer, dict) and r.answer.get("opstatus")]


def job(**content: Any) -> Job:
    whole = {"id": 7, "status": "success", "opstatus": ["success"], "opresult": [None], **content}
    return TypeAdapter(Job).validate_python(whole)


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (
            ["OpPrereqError", ["Instance 'web' not known", "unknown_entity"]],
            JobError(klass="OpPrereqError", message="Instance 'web' not known", code="unknown_entity"),
        ),
        (["OpPrereqError", ["Bad"]], JobError(klass="OpPrereqError", message="Bad", code=None)),
        (["OpPrereqError", []], JobError(klass="OpPrereqError", message="OpPrereqError", code=None)),
        (["OpExecError", ["It broke"]], JobError(klass="OpExecError", message="It broke", code=None)),
        (
            ["ResolverError", ["web.test", -2, "Name not known"]],
            JobError(klass="ResolverError", message="web.test: Name not known", code=None),
        ),
        (
            ["HooksAbort", [[["n1", "10-check", "no space"], ["n2", "10-check", "no power"]]]],
            JobError(klass="HooksAbort", message="n1: 10-check: no space; n2: 10-check: no power", code=None),
        ),
        (["HooksAbort", ["odd"]], JobError(klass="HooksAbort", message="odd", code=None)),
        ("Job process died", JobError(klass="", message="Job process died", code=None)),
        (None, JobError(klass="", message="The job failed without a reason", code=None)),
        ({"odd": 1}, JobError(klass="", message="{'odd': 1}", code=None)),
        (["LockError", [None, 3]], JobError(klass="LockError", message="None, 3", code=None)),
    ],
)
def test_an_error_is_read_in_every_shape(result: Any, error: JobError) -> None:
    assert job_error(result) == error


def test_the_status_decides_what_a_result_is_not_its_shape() -> None:
    assert job(opresult=[["OpExecError", ["a result that looks like this"]]]).error is None


def test_the_first_error_is_the_reason_and_not_that_there_was_one() -> None:
    failed = job(
        status="error",
        opstatus=["success", "error", "error"],
        opresult=[
            None,
            ["OpPrereqError", ["No disks", "wrong_input"]],
            ["OpExecError", ["Preceding opcode failed"]],
        ],
    )
    assert failed.error
    assert (failed.error.message, failed.error.code) == ("No disks", "wrong_input")


def test_a_cancelled_job_has_not_failed() -> None:
    cancelled = job(status="canceled", opstatus=["canceled"], opresult=["Job canceled by request"])
    assert cancelled.is_final
    assert cancelled.error is None


def test_a_job_of_a_list_has_neither_log_nor_result() -> None:
    listed = job(oplog=None, opresult=None, status="running", opstatus=["error"])
    assert (listed.error, listed.log, listed.warnings, listed.spawned, listed.is_final) == (
        None,
        [],
        [],
        [],
        False,
    )


def test_the_trail_tells_who_asked_and_why_each_step_once() -> None:
    trail = [
        ["gnt:user", "gwm:alice:1", 1795327570333403392],
        ["gnt:library:rlib2:x", "", 1795327570333403999],
    ]
    steps = job(ops=[{"reason": trail}, {"reason": trail}, {"reason": None}, {}]).reason_trail
    assert [(step.source, step.text) for step in steps] == [
        ("gnt:user", "gwm:alice:1"),
        ("gnt:library:rlib2:x", ""),
    ]
    assert steps[0].at.replace(microsecond=0) == datetime(2026, 11, 22, 6, 6, 10, tzinfo=UTC)


def test_the_log_goes_through_all_operations_and_tells_warnings() -> None:
    logged = job(
        oplog=[
            [
                [1, [1795327570, 5], "message", "Waiting"],
                [2, [1795327571, 0], "message", " - WARNING: Disk is slow"],
            ],
            [
                [3, [1795327572, 0], "remote-import", {"port": 1}],
                [4, [1795327573, 0], "message", " - INFO: Done"],
            ],
        ]
    )
    assert [entry.serial for entry in logged.log] == [1, 2, 3, 4]
    at = datetime(2026, 11, 22, 6, 6, 10, 5, tzinfo=UTC)
    assert logged.log[0] == LogEntry(serial=1, at=at, type="message", text="Waiting")
    assert logged.log[2].text == "{'port': 1}"
    assert logged.warnings == ["Disk is slow"]


def test_jobs_that_a_job_started_are_told_from_those_that_it_could_not() -> None:
    parent = job(opresult=[{"jobs": [[True, 31], [True, "32"], [False, "No space"]]}])
    assert parent.spawned == [
        Spawned(job_id=31, message=None),
        Spawned(job_id=32, message=None),
        Spawned(job_id=None, message="No space"),
    ]


@pytest.mark.parametrize("recording", JOBS, ids=str)
def test_every_recorded_job_tells_its_story(recording: Recording) -> None:
    it = TypeAdapter(Job).validate_python(recording.answer)
    assert (it.error is not None) == (it.status == "error")
    assert it.is_final == (it.ended_at is not None)
    assert it.error is None or it.error.message
    assert len(it.log) == sum(map(len, recording.answer["oplog"]))
    assert all(entry.at for entry in it.log)
    assert any(step.source.startswith("gnt:") for step in it.reason_trail)
