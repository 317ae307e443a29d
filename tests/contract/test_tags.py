"""Tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contract.ganeti import Ganeti

pytestmark = pytest.mark.contract


def test_tags_come_in_the_query_string_and_a_body_is_not_looked_at(cluster: Ganeti, machine: str) -> None:
    path = f"/2/instances/{machine}/tags"
    before = cluster.get(machine).serial_no
    job = cluster.done(cluster.raw("PUT", path + "?tag=b%2B&tag=a:x", json={"tags": ["ignored"]}).json())
    assert (job.summary, job.opresult) == (("TAGS_SET",), (None,))
    assert cluster.raw("GET", path).json() == ["a:x", "b+"]
    assert cluster.get(machine).serial_no > before
    cluster.done(cluster.raw("DELETE", path + "?tag=b%2B&tag=a:x").json())
    assert cluster.raw("GET", path).json() == []


def test_a_tag_that_is_not_set_cannot_be_removed(cluster: Ganeti, machine: str) -> None:
    job = cluster.finished(cluster.raw("DELETE", f"/2/instances/{machine}/tags?tag=nosuch").json())
    assert job.opresult == (["OpPrereqError", ["Tag(s) 'nosuch' not found", "unknown_entity"]],)


def test_a_bad_tag_fails_the_job(cluster: Ganeti, machine: str) -> None:
    job = cluster.finished(cluster.raw("PUT", f"/2/instances/{machine}/tags?tag=a%20b").json())
    assert job.opresult == (["TagError", ["Tag contains invalid characters"]],)


def test_setting_no_tag_at_all_succeeds(cluster: Ganeti) -> None:
    cluster.done(cluster.raw("PUT", "/2/tags").json())


def test_a_dry_run_of_tagging_is_honoured(cluster: Ganeti, machine: str) -> None:
    cluster.done(cluster.raw("PUT", f"/2/instances/{machine}/tags?tag=q&dry-run=1").json())
    assert cluster.raw("GET", f"/2/instances/{machine}/tags").json() == []
