"""The client against every recorded exchange with real Ganeti."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import (
    Busy,
    ConsoleUnavailable,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RapiError,
    Rows,
    Unauthorized,
    Unreachable,
)
from ganeti_webmgr.rapi.calls import Kind

from .agreement import agrees
from .calls import call_for, mib
from .recorded import RECORDINGS, Recording
from .server import Server, says

# Requests that the client cannot be made to send; their answers are read all the same.
MALFORMED = {
    *("056", "298", "300", "302", "304", "306", "308", "310", "312", "314", "318", "324", "326"),
    *("130", "136", "266", "272", "496", "502", "582", "648", "980"),
    *("120", "122", "124", "258", "260", "262", "280", "286"),
}

# What each answer that is not a result amounts to, where the status alone tells.
BY_STATUS: dict[int, type[RapiError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    415: Invalid,
    501: Invalid,
}

# And where it does not.
BY_NUMBER: dict[str, type[RapiError]] = {
    "036": ConsoleUnavailable,  # 503, the instance is down
    "174": ConsoleUnavailable,
    "100": ConsoleUnavailable,  # 500, VNC
    "046": Invalid,  # 500, not a resource for queries
    "066": Invalid,
    "184": Invalid,
    "208": Invalid,
    "058": Invalid,  # 502, likewise
    "070": Invalid,
    "186": Invalid,
    "196": Invalid,  # 502, no such operator
    "118": Invalid,  # 500, body missing
    "288": NotFound,  # 500, console and role of nothing
    "290": NotFound,
    "766": NotFound,
    "772": NotFound,
    "750": Busy,  # 500, the queue is drained
    "752": Unreachable,  # 504 to a read
    "754": OutcomeUnknown,  # 504 to a write
}

SUCCEEDED = [recording for recording in RECORDINGS if recording.status == 200]
FAILED = [recording for recording in RECORDINGS if recording.status != 200]
WELL_FORMED = [recording for recording in SUCCEEDED if recording.number not in MALFORMED]

# Sent always, so that it means the same in all versions, or because that is what leaving out means.
EXPLICIT: dict[str, dict[str, Any]] = {
    "modify": {"hotplug": False},
    "filters": {"priority": 0, "predicates": [], "action": "CONTINUE", "reason": []},
    "reinstall": {"start": True},
    "instances": {"name_check": False, "ip_check": False, "osparams_private": {}},
}


def replay(client: rapi.Client, recording: Recording) -> Any:
    """The client's result for the recorded request."""
    found = call_for(recording.method, recording.path)
    if recording.number in MALFORMED:
        kind = Kind.READ if recording.method == "GET" else Kind.WRITE
        return client.request(
            recording.method, recording.path, TypeAdapter(Any), kind=kind, query=(), body=recording.body
        )
    assert found, "No case covers this recording"
    call, names = found
    body = {} if recording.body is None else recording.body
    query = dict(recording.query)
    if "tag" in query:
        query["tag"] = ",".join(value for name, value in recording.query if name == "tag")
    return call(client, names, query, body)


def test_every_recording_is_here() -> None:
    assert len(RECORDINGS) == 491


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_every_recording_is_covered_by_a_case(recording: Recording) -> None:
    assert recording.number in MALFORMED or call_for(recording.method, recording.path)
    assert recording.status == 200 or recording.number in BY_NUMBER or recording.status in BY_STATUS


@pytest.mark.parametrize("recording", SUCCEEDED, ids=str)
def test_an_answer_becomes_a_typed_result_that_says_the_same(
    recording: Recording, server: Server, client: rapi.Client
) -> None:
    server.script = says(recording.answer)
    result = replay(client, recording)
    if isinstance(result, Rows):
        cells = [[value for _, value in row] for row in recording.answer["data"]]
        assert [list(row.values()) for row in result.parse()] == cells
    elif recording.path.endswith("/fields"):
        assert agrees(result, recording.answer["fields"])
    elif isinstance(result, rapi.JobChange):
        assert [*result.values] == recording.answer["job_info"]
        assert [entry.serial for entry in result.log] == [
            entry[0] for entry in recording.answer["log_entries"]
        ]
    elif isinstance(result, rapi.CancelResult):
        assert [result.ok, result.text] == recording.answer
    elif isinstance(recording.answer, list) and "uri" in str(recording.answer)[:400]:
        assert result == [next(iter(entry.values())) for entry in recording.answer]
    else:
        assert agrees(result, recording.answer)


@pytest.mark.parametrize("recording", FAILED, ids=str)
def test_an_error_becomes_the_exception_that_it_is(
    recording: Recording, server: Server, client: rapi.Client
) -> None:
    server.script = says(recording.answer, status=recording.status)
    expected = BY_NUMBER.get(recording.number) or BY_STATUS[recording.status]
    with pytest.raises(RapiError) as caught:
        replay(client, recording)
    error = caught.value
    assert type(error) is expected
    assert (error.status, error.method) == (recording.status, server.heard[0].method)
    assert "?" not in error.path
    assert not {"&#x27;", "&quot;", "&lt;"} & set(error.message.split())


@pytest.mark.parametrize("recording", WELL_FORMED, ids=str)
def test_what_is_sent_is_what_was_recorded(recording: Recording, server: Server, client: rapi.Client) -> None:
    server.script = says(recording.answer)
    replay(client, recording)
    [heard] = server.heard
    sent = meaning(heard.method, heard.path, heard.query, heard.body)
    assert sent == meaning(recording.method, recording.path, recording.query, recording.body)


def meaning(method: str, path: str, query: list[tuple[str, str]], body: Any) -> tuple[Any, ...]:
    """The request as Ganeti understands it, without what makes no difference to it (Reference 1.3, 2)."""
    arguments = {(name, value) for name, value in query if value not in {"", "0"}}
    contents = dict(body) if isinstance(body, dict) else body or {}
    last = path.rsplit("/", 1)[-1]
    if path.startswith("/2/query/") and last != "fields":
        # Without a filter, GET and PUT are the same.
        fields = contents.get("fields") or dict(arguments)["fields"].split(",")
        return "QUERY", path, fields, contents.get("qfilter")
    if last == "reboot":
        arguments.add(("type", dict(arguments).get("type", "hard")))
    if method == "DELETE":
        arguments = {(name, value) for name, value in arguments if name != "shutdown_timeout"}
    if isinstance(contents, dict):
        contents = {**EXPLICIT.get(last, {}), **contents}
        if method == "POST" and last == "instances":
            contents["disks"] = [_in_mib(disk) for disk in contents["disks"]]
        for key in {"nics", "disks"} & contents.keys() if last == "modify" else ():
            contents[key] = [
                [entry[0], entry[1] if len(entry) == 3 else -1, entry[-1]] for entry in contents[key]
            ]
    return method, path, arguments, contents


def _in_mib(disk: dict[str, Any]) -> dict[str, Any]:
    return {**disk, "size": mib(disk["size"])} if "size" in disk else disk
