"""What Ganeti says, and what it means by it."""

from __future__ import annotations

import json

import pytest

from ganeti_webmgr.rapi import (
    Busy,
    ConsoleUnavailable,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RapiError,
    Unreachable,
)
from ganeti_webmgr.rapi.calls import Kind
from ganeti_webmgr.rapi.faults import fault

TAGS, CONSOLE, ROLE = "/2/instances/web/tags", "/2/instances/web/console", "/2/nodes/n1/role"


def meant(status: int, message: str, *, kind: Kind = Kind.READ, path: str = TAGS) -> RapiError:
    body = json.dumps({"code": status, "message": message, "explain": "Server got itself in trouble"})
    return fault(status, body.encode(), kind=kind, method="GET", path=path)


@pytest.mark.parametrize(
    ("status", "message", "path", "error"),
    [
        (500, "('Instance name web not found', 'unknown_entity')", TAGS, NotFound),
        (500, "(u'Instance name web not found', u'unknown_entity')", TAGS, NotFound),  # 2.16
        (500, "list index out of range", CONSOLE, NotFound),
        (500, "list index out of range", ROLE, NotFound),
        (500, "list index out of range", TAGS, Unreachable),
        (500, "Can&#x27;t load job file", "/2/jobs/7/wait", NotFound),
        (500, "Filter rule with UUID 7 does not exist", "/2/filters/7", NotFound),
        (500, "Unable to parse UUID", "/2/filters/7", Invalid),
        (500, "('Sync queries are not allowed', 'wrong_input')", TAGS, Invalid),
        (500, "&#x27;33&#x27; is not a valid netmask", "/2/networks", Invalid),
        (500, "Can&#x27;t find field named &#x27;x&#x27;", "/2/query/instance", Invalid),
        (500, "Invalid types in comparison, trying to compare 1 with 2", "/2/query/instance", Invalid),
        (500, "Internal Server Error", CONSOLE, ConsoleUnavailable),
        (500, "Internal Server Error", TAGS, Unreachable),
        (500, "('Node is away', 'environment_error')", TAGS, Unreachable),
        (500, "Queue drained", TAGS, Busy),
        (503, "Job queue is full, needs archiving", TAGS, Busy),
        (503, "Instance console unavailable", CONSOLE, ConsoleUnavailable),
        (502, "Failed to parse request: Unknown filter operand", "/2/query/job", Invalid),
        (502, "Can't connect to master daemon", TAGS, Unreachable),
        (504, "Gateway Timeout", TAGS, Unreachable),
        (501, "Method GET is unsupported for path /2/modify", "/2/modify", Invalid),
        (403, "The parameter compression_tools cannot be set via RAPI", "/2/modify", Forbidden),
        (413, "Too long", TAGS, Invalid),
        (505, "HTTP Version not supported", TAGS, Unreachable),
    ],
)
def test_the_words_decide_where_the_status_does_not(
    status: int, message: str, path: str, error: type[RapiError]
) -> None:
    assert type(meant(status, message, path=path)) is error


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (500, "Internal Server Error", OutcomeUnknown),
        (500, "('Node is away', 'environment_error')", OutcomeUnknown),
        (502, "Master seems to be unreachable", OutcomeUnknown),
        (504, "Gateway Timeout", OutcomeUnknown),
        (500, "Queue drained", Busy),
        (500, "('Exists', 'already_exists')", Invalid),
        (502, "Failed to parse request: disk size", Invalid),
        (
            500,
            "Failed to write /q/job-9: /q/job-9.tmp: commitBuffer: invalid argument (invalid character)",
            Invalid,
        ),
        (500, "Failed to write /q/job-9: No space left on device", OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("kind", [Kind.WRITE, Kind.CANCEL])
def test_a_write_is_only_refused_where_that_is_certain(
    kind: Kind, status: int, message: str, error: type[RapiError]
) -> None:
    assert type(meant(status, message, kind=kind)) is error


def test_messages_are_unescaped_and_bare() -> None:
    error = meant(500, "(&#x27;Instance &lt;b&gt; &amp; co not found&#x27;, &#x27;unknown_entity&#x27;)")
    assert (error.message, error.code) == ("Instance <b> & co not found", "unknown_entity")
    error = meant(
        400, "Invalid body parameters: (&quot;Parameter &#x27;x&#x27; fails&quot;, &#x27;wrong_input&#x27;)"
    )
    assert error.message == "Invalid body parameters: (\"Parameter 'x' fails\", 'wrong_input')"
    assert error.code == "wrong_input"
