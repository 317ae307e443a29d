"""The HTTP dialect."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract

JSON = {"Content-Type": "application/json"}
CREATION: dict[str, Any] = {
    "__version__": 1,
    "mode": "create",
    "instance_name": "x",
    "disks": [],
    "nics": [],
    "disk_template": "diskless",
}


def test_an_answer_is_json_ends_with_a_newline_and_closes_the_connection(cluster: Ganeti) -> None:
    answer = cluster.raw("GET", "/2/instances")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Connection"] == "close"
    assert answer.text.endswith("\n")


@pytest.mark.parametrize("headers", [{"Content-Type": "application/json; charset=utf-8"}, {}])
def test_a_body_that_is_not_exactly_json_is_refused(cluster: Ganeti, headers: dict[str, str]) -> None:
    answer = cluster.raw("PUT", "/2/query/instance", data=b'{"fields": ["name"]}', headers=headers)
    assert answer.status_code == 415
    assert answer.json()["message"] == "Unsupported Media Type"


def test_a_body_that_cannot_be_parsed_is_a_bad_request(cluster: Ganeti) -> None:
    answer = cluster.raw("POST", "/2/instances", data=b"{not json", headers=JSON)
    assert (answer.status_code, answer.json()["message"]) == (400, "Unable to parse JSON data")


@pytest.mark.parametrize("path", ["/2/nosuch", "/2/instances/", "/2/jobs/abc", "/2/instances/a%2eb"])
def test_a_path_is_matched_as_it_stands(cluster: Ganeti, path: str) -> None:
    assert cluster.raw("GET", path).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/2/modify"), ("DELETE", "/2/info"), ("OPTIONS", "/2")])
def test_a_method_that_is_not_there_is_never_405(cluster: Ganeti, method: str, path: str) -> None:
    answer = cluster.raw(method, path)
    assert answer.status_code == 501
    assert answer.json()["message"] == f"Method {method} is unsupported for path {path}"


def test_paths_are_looked_at_before_credentials(cluster: Ganeti) -> None:
    wrong = (cluster.user, "wrong")
    assert cluster.raw("GET", "/2/nosuch", auth=wrong).status_code == 404
    assert cluster.raw("GET", "/2/modify", auth=wrong).status_code == 501
    assert cluster.raw("GET", "/2/info", auth=wrong).status_code == 401


def test_a_wrong_password_is_refused_with_a_challenge_even_where_none_is_needed(cluster: Ganeti) -> None:
    answer = cluster.raw("GET", "/version", auth=(cluster.user, "wrong"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Ganeti Remote API"'


def test_who_may_read_may_not_write(cluster: Ganeti) -> None:
    assert cluster.raw("GET", "/2/query/instance?fields=name", auth=cluster.reader).status_code == 200
    assert cluster.raw("PUT", "/2/tags?tag=x", auth=cluster.reader).status_code == 403
    assert cluster.raw("GET", "/2/jobs/1/wait", auth=cluster.reader).status_code == 403


def test_messages_are_escaped_for_html(cluster: Ganeti) -> None:
    body = cluster.raw("GET", "/2/query/nosuch?fields=name").json()
    assert body["code"] == 502
    assert body["message"].startswith(
        "Failed to parse request: Cannot convert value &#x27;[&quot;nosuch&quot;"
    )
    assert body["explain"] == "Invalid responses from another server/proxy"


def test_flags_are_whole_numbers(cluster: Ganeti) -> None:
    assert cluster.raw("GET", "/2/instances?bulk=true").status_code == 400
    assert isinstance(cluster.raw("GET", "/2/instances?bulk=0").json()[0]["id"], str)


def test_locked_queries_always_fail(cluster: Ganeti) -> None:
    answer = cluster.raw("GET", "/2/instances?bulk=1&lock=1")
    assert answer.status_code == 500
    assert "Sync queries are not allowed" in answer.json()["message"]


def test_headers_of_more_than_four_kilobytes_get_no_answer(cluster: Ganeti) -> None:
    with pytest.raises(requests.ConnectionError):
        cluster.raw("GET", "/version", headers={"X-Long": "x" * 4200})


def test_a_chunked_body_is_not_seen_and_the_request_runs_all_the_same(cluster: Ganeti, machine: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"bogus": 1}'

    answer = None
    for _ in range(10):  # the answer is lost where the connection is closed before all chunks have arrived
        with contextlib.suppress(requests.ConnectionError):
            answer = cluster.raw("PUT", f"/2/instances/{machine}/shutdown", data=chunks(), headers=JSON)
            break
    assert answer is not None
    assert answer.status_code == 200
    cluster.done(answer.json())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"__version__": None}, "Unsupported request data version None"),
        ({"__version__": 0}, "Instance creation request version 0 is no longer supported"),
        (
            {"bogus": 1},
            "Invalid body parameters: Object OpInstanceCreate doesn't support the parameter 'bogus'",
        ),
        ({"reason": []}, "Can't overwrite static parameters {'reason'}"),
        (
            {"disk_template": "nosuch"},
            "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.disk_template'",
        ),
        (
            {"mode": None},
            "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.mode' fails validation\"",
        ),
        (
            {"disks": None},
            "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.disks' fails validation\"",
        ),
        (
            {"start": "yes"},
            "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.start' fails validation\"",
        ),
        ({"nics": [{"vlan": 12}]}, "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.nics' fails"),
        (
            {"priority": 3},
            "Invalid body parameters: (\"Parameter 'OP_INSTANCE_CREATE.priority' fails validation\"",
        ),
        ({"name": "y"}, "Parameter 'name' was renamed to 'instance_name', but both are specified"),
    ],
)
def test_a_creation_is_checked_before_it_becomes_a_job(
    cluster: Ganeti, change: dict[str, Any], message: str
) -> None:
    answer = cluster.raw("POST", "/2/instances", json={**CREATION, **change})
    assert answer.status_code == 400
    said = answer.json()["message"].replace("&#x27;", "'").replace("&quot;", '"')
    assert said.startswith(message)


def test_a_missing_body_is_an_uncaught_exception_where_nobody_looked(cluster: Ganeti, machine: str) -> None:
    answer = cluster.raw("PUT", f"/2/instances/{machine}/modify")
    assert answer.status_code == 500
    assert (
        json.loads(answer.text)["message"] == "&#x27;NoneType&#x27; object has no attribute &#x27;copy&#x27;"
    )
    assert cluster.raw("PUT", "/2/modify").status_code == 500
    assert cluster.raw("GET", "/2/jobs/1/wait").status_code == 500


def test_networks_cannot_be_renamed_before_3_1(cluster: Ganeti) -> None:
    answer = cluster.raw("PUT", "/2/networks/nosuch/rename", json={"new_name": "x"})
    assert (answer.status_code == 404) == (cluster.client.version < (3, 1))
