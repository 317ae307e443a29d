"""The query language."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from ganeti_webmgr.simulator.query.definitions import definitions

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract

RESOURCES = ("instance", "node", "group", "network", "job", "lock", "export", "filter")


def ask(cluster: Ganeti, fields: list[str], qfilter: Any, resource: str = "instance") -> Any:
    """The answer, or status and message of the refusal."""
    answer = cluster.raw("PUT", f"/2/query/{resource}", json={"fields": fields, "qfilter": qfilter})
    body = answer.json()
    return body["data"] if answer.status_code == 200 else (answer.status_code, html.unescape(body["message"]))


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_fields_there_are(cluster: Ganeti, resource: str) -> None:
    found = cluster.raw("GET", f"/2/query/{resource}/fields").json()["fields"]
    assert found == list(definitions(resource).values())


@pytest.mark.parametrize("resource", ["instance", "node", "group", "network", "job"])
def test_every_field_can_be_asked_for(cluster: Ganeti, resource: str) -> None:
    names = [name for name in definitions(resource) if name != "archived"]
    answer = cluster.raw("PUT", f"/2/query/{resource}", json={"fields": names})
    for row in answer.json()["data"]:
        for name, (status, value) in zip(names, row, strict=True):
            kind = definitions(resource)[name]["kind"]
            assert status in (0, 2, 3, 4), name
            assert (value is None) or _is(kind, value), (name, kind, value)


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "number" | "unit":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "timestamp":
            return isinstance(value, int | float)
    return True


def test_a_field_that_does_not_exist_is_a_column_without_values(cluster: Ganeti, machine: str) -> None:
    answer = cluster.raw("GET", "/2/query/instance?fields=name,nosuch").json()
    assert answer["fields"][1] == {
        "name": "nosuch",
        "title": "nosuch",
        "kind": "unknown",
        "doc": "Unknown field 'nosuch'",
    }
    assert {tuple(row[1]) for row in answer["data"]} == {(1, None)}


def test_a_cell_says_why_it_has_no_value(cluster: Ganeti, machine: str) -> None:
    fields = [
        "oper_state",
        "oper_ram",
        "oper_vcpus",
        "network_port",
        "disk.size/0",
        "nic.ip/0",
        "hv/acpi",
        "ip",
    ]
    assert ask(cluster, fields, ["=", "name", machine]) == [[[0, False], *[[3, None]] * 7]]


def test_rows_are_in_natural_order_and_lists_in_lexical_order(cluster: Ganeti) -> None:
    names = [row[0][1] for row in cluster.raw("GET", "/2/query/instance?fields=name").json()["data"]]
    assert names == sorted(
        names, key=lambda name: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name)]
    )
    listed = [entry["id"] for entry in cluster.raw("GET", "/2/instances").json()]
    assert listed == sorted(names)


def test_a_machine_can_be_asked_for_by_short_name_and_uuid(cluster: Ganeti, machine: str) -> None:
    whole = cluster.get(machine)
    assert cluster.get(machine.split(".", maxsplit=1)[0]) == whole
    assert cluster.get(str(whole.uuid)) == whole


def test_one_unknown_name_fails_a_lookup_as_a_whole(cluster: Ganeti, machine: str) -> None:
    both = ["|", ["=", "name", machine], ["=", "name", "nosuch"]]
    assert ask(cluster, ["name"], both) == (500, "('Instance name nosuch not found', 'unknown_entity')")
    uuid = str(cluster.get(machine).uuid)
    unknown = ["|", ["==", "uuid", uuid], ["==", "uuid", "nosuch"]]
    assert ask(cluster, ["name"], unknown) == [[[0, machine]]]


@pytest.mark.parametrize(
    ("qfilter", "found"),
    [
        (["=~", "name", "^vm51[.]"], True),
        (["&", ["==", "admin_state", "down"], ["=~", "name", "^vm51[.]"]], True),
        (["&", ["!", ["==", "admin_state", "down"]], ["=~", "name", "^vm51[.]"]], False),
        (["|", ["==", "uuid", "x"], ["=~", "name", "^vm51[.]"]], True),
        (["&", ["?", "admin_up"], ["=~", "name", "^vm51[.]"]], False),
        (["&", [">", "be/maxmem", 63], ["<=", "be/maxmem", 64], ["=~", "name", "^vm51[.]"]], True),
        (["&", ["=[]", "tags", "nosuch"], ["=~", "name", "^vm51[.]"]], False),
        (["&", ["!=", "admin_state", "up"], ["=~", "name", "^vm51[.]"]], True),
        # A cell without a value passes every test but "different", which is "not equal".
        (["&", ["==", "oper_ram", 5], ["=~", "name", "^vm51[.]"]], True),
        (["&", ["!=", "oper_ram", 5], ["=~", "name", "^vm51[.]"]], False),
    ],
)
def test_filters(cluster: Ganeti, machine: str, qfilter: Any, found: bool) -> None:
    assert bool(ask(cluster, ["name"], qfilter)) is found


@pytest.mark.parametrize(
    ("qfilter", "status", "message"),
    [
        (["bogus", "x"], 502, "Unknown filter operand 'bogus'"),
        (["=", "name", 1.5], 502, "fractional"),
        ([], 502, "Cannot deserialise filter: expected array [string, args], got []"),
        (["=", "nosuch", "x"], 500, "Can't find field named 'nosuch'"),
        (["<", "name", 5], 500, "Invalid types in comparison"),
        (["=", "serial_no", "3"], 500, "Invalid types in comparison"),
        (["?", "name"], 500, "in boolean context"),
        (["=[]", "name", "x"], 500, "Unable to read list"),
    ],
)
def test_filters_that_make_no_sense(
    cluster: Ganeti, machine: str, qfilter: Any, status: int, message: str
) -> None:
    answered, said = ask(cluster, ["name"], qfilter)
    assert answered == status
    assert message in said


def test_unknown_jobs_have_rows_without_values(cluster: Ganeti) -> None:
    rows = ask(cluster, ["id", "status"], ["|", ["==", "id", 99999999]], resource="job")
    assert rows == [[[0, 99999999], [3, None]]]


@pytest.mark.parametrize(
    ("resource", "status"), [("os", 500), ("cluster", 500), ("extstorage", 502), ("nosuch", 502)]
)
def test_what_cannot_be_queried(cluster: Ganeti, resource: str, status: int) -> None:
    assert cluster.raw("GET", f"/2/query/{resource}?fields=name").status_code == status


def test_the_fields_must_be_named(cluster: Ganeti) -> None:
    assert (
        cluster.raw("GET", "/2/query/instance").json()["message"]
        == "Missing &#x27;fields&#x27; query argument"
    )
