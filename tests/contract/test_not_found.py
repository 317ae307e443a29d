"""What is not there, and how Ganeti hides that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.rapi import NotFound

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract

NO_UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("kind", ["instances", "nodes", "groups", "networks", "filters"])
def test_one_unknown_object_is_404(cluster: Ganeti, kind: str) -> None:
    assert cluster.raw("GET", f"/2/{kind}/{NO_UUID}").status_code == 404


def test_an_unknown_job_is_an_object_full_of_nulls(cluster: Ganeti) -> None:
    answer = cluster.raw("GET", "/2/jobs/99999999")
    assert answer.status_code == 200
    assert {key for key, value in answer.json().items() if value is not None} == {"id"}
    with pytest.raises(NotFound):
        cluster.client.jobs.get(99999999)


@pytest.mark.parametrize("kind", ["instances", "nodes", "groups", "networks"])
def test_tags_of_an_unknown_object_are_an_error_500_with_a_code(cluster: Ganeti, kind: str) -> None:
    answer = cluster.raw("GET", f"/2/{kind}/nosuch/tags")
    assert answer.status_code == 500
    assert answer.json()["message"].endswith("name nosuch not found&#x27;, &#x27;unknown_entity&#x27;)")


@pytest.mark.parametrize("path", ["/2/nodes/nosuch/role", "/2/instances/nosuch/console"])
def test_roles_and_consoles_of_an_unknown_object_are_an_uncaught_exception(
    cluster: Ganeti, path: str
) -> None:
    answer = cluster.raw("GET", path)
    assert (answer.status_code, answer.json()["message"]) == (500, "list index out of range")


def test_waiting_for_an_unknown_job_is_an_error_500(cluster: Ganeti) -> None:
    answer = cluster.raw("GET", "/2/jobs/99999999/wait", json={"fields": ["status"]})
    assert answer.status_code == 500
    assert "Can&#x27;t load job file" in answer.json()["message"]


def test_a_rule_that_is_not_there_cannot_be_deleted(cluster: Ganeti) -> None:
    answer = cluster.raw("DELETE", f"/2/filters/{NO_UUID}")
    assert answer.json()["message"] == f"Filter rule with UUID {NO_UUID} does not exist"
    assert answer.status_code == 500


def test_a_job_on_an_unknown_machine_is_taken_and_fails(cluster: Ganeti) -> None:
    job = cluster.finished(cluster.client.instances.start("nosuch.example"))
    assert job.opresult == (["OpPrereqError", ["Instance 'nosuch.example' not known", "unknown_entity"]],)


def test_a_stopped_machine_has_no_console(cluster: Ganeti, machine: str) -> None:
    answer = cluster.raw("GET", f"/2/instances/{machine}/console")
    assert (answer.status_code, answer.json()["message"]) == (503, "Instance console unavailable")
