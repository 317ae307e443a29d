"""Typed queries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import (
    Export,
    FilterRule,
    InstanceRow,
    InstanceState,
    Job,
    Lock,
    NodeRow,
    Unreachable,
)
from ganeti_webmgr.rapi.rows import field_names

from .recorded import RECORDINGS
from .server import Server, says

STATE_KEYS = field_names(InstanceState)


def rows(*each: list[Any], status: int = 0) -> dict[str, Any]:
    return {"fields": [], "data": [[[status if cell is None else 0, cell] for cell in row] for row in each]}


UP = ["u-1", "web", "running", True, 512, 1, "up", "n1", 7]
LOST = ["u-2", "db", "ERROR_nodedown", None, None, None, "up", "n2", 3]


@pytest.mark.parametrize(
    ("resource", "model"),
    [
        ("instance", InstanceState),
        ("instance", InstanceRow),
        ("node", NodeRow),
        ("job", Job),
        ("lock", Lock),
        ("filter", FilterRule),
        ("export", Export),
    ],
)
def test_ganeti_knows_every_field_that_is_asked_for(resource: str, model: Any) -> None:
    [known] = [
        r.answer
        for r in RECORDINGS
        if r.path == f"/2/query/{resource}/fields" and r.status == 200 and not r.query
    ]
    assert set(field_names(model)) <= {field["name"] for field in known["fields"]}


def test_a_configuration_is_asked_for_without_contacting_a_node() -> None:
    live = {"status", "oper_state", "oper_ram", "oper_vcpus", "console"}
    assert not live & set(field_names(InstanceRow))


def test_states_are_read_with_what_nodes_do_not_say_as_none(server: Server, client: rapi.Client) -> None:
    server.script = says(rows(UP, LOST, status=2))
    web, db = client.query.instance_states().parse()
    assert (web.name, web.oper_state, web.oper_ram_mib, web.serial_no) == ("web", True, 512, 7)
    assert (db.status, db.oper_state, db.oper_ram_mib) == ("ERROR_nodedown", None, None)
    [heard] = server.heard
    assert (heard.method, heard.path) == ("GET", "/2/query/instance")
    assert heard.query == [("fields", ",".join(STATE_KEYS))]


def test_an_unchanged_answer_has_the_same_digest_and_needs_no_parsing(
    server: Server, client: rapi.Client
) -> None:
    server.script = says(rows(UP))
    first, second = client.query.instance_states(), client.query.instance_states()
    server.script = says(rows(LOST))
    third = client.query.instance_states()
    assert first.digest == second.digest != third.digest
    assert len(first.digest) == 32


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"data": None},
        rows([*UP, "one too many"]),
        rows(UP[:-1]),
        rows([None, *UP[1:]]),
        rows([*UP[:4], "much", *UP[5:]]),
        {"data": [UP]},
    ],
)
def test_a_strange_answer_is_no_empty_one(answer: Any, server: Server, client: rapi.Client) -> None:
    server.script = says(answer)
    with pytest.raises(Unreachable) as caught:
        client.query.instance_states().parse()
    assert caught.value.path == "/2/query/instance"


def test_instances_are_looked_up_by_uuid_because_one_unknown_name_fails_all(
    server: Server, client: rapi.Client
) -> None:
    server.script = says(rows())
    client.query.instances({"u-2", "u-1"})
    [heard] = server.heard
    assert heard.method == "PUT"
    assert heard.body["qfilter"] == ["|", ["==", "uuid", "u-1"], ["==", "uuid", "u-2"]]


def test_no_instances_are_looked_up_without_asking(server: Server, client: rapi.Client) -> None:
    assert client.query.instances([]).parse() == []
    assert server.heard == []


def test_new_jobs_and_known_ones_come_in_one_answer_without_those_that_never_were(
    server: Server, client: rapi.Client
) -> None:
    known = [7, "success", ["OP"], [{}], ["success"], [[]], [None], [1, 500], [2, 0], None]
    unknown = [99, *[None] * 9]
    server.script = says(rows(known, unknown, status=3))
    [job] = client.query.jobs(41, [99, 7]).parse()
    assert (job.id, job.status, job.ended_at) == (7, "success", None)
    assert job.received_at is not None
    assert job.received_at.timestamp() == 1.0005
    assert server.heard[0].body["qfilter"] == ["|", [">", "id", 41], ["==", "id", 7], ["==", "id", 99]]


def test_any_field_can_be_asked_for(server: Server, client: rapi.Client) -> None:
    server.script = says(rows(["web", None], status=1))
    found = client.query.rows("instance", ["name", "nosuchfield"], ["==", "name", "web"])
    assert found.parse() == [{"name": "web", "nosuchfield": None}]
    assert json.loads(found.body) == rows(["web", None], status=1)
