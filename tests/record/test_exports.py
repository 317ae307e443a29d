from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


def taken(client: Client, form: str, query: str = "") -> str:
    answer: Any = client.post(f"/record/export.{form}{query}")
    assert answer.status_code == 200
    assert answer.streaming
    assert answer.headers["Content-Disposition"] == f'attachment; filename="record.{form}"'
    return str(answer.getvalue().decode())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_has_what_the_list_shows_and_no_more(
    alice: User, bob: User, dana: User, mine: VirtualMachine, others: VirtualMachine
) -> None:
    request_job(by=dana, command=Start(), on=mine)
    request_job(by=alice, command=Start(), on=others)
    found = rows(taken(signed_in(bob), "csv", "?action=job.requested"))
    assert [(row["actor_name"], row["target_name"]) for row in found] == [("dana", mine.name)]
    assert json.loads(found[0]["after"])["verb"] == "Start"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_calculates_nothing_of_what_people_typed(by_alice: Client, name: str) -> None:
    record("group.created", Subject("group", 1, name), by=name)
    row = rows(taken(by_alice, "csv", "?action=group.created"))[0]
    assert (row["target_name"], row["actor_name"]) == (f"'{name}", f"'{name}")


def test_lines_of_json_are_whole_so_that_their_digests_can_be_checked_elsewhere(
    by_alice: Client, mine: VirtualMachine
) -> None:
    for line in taken(by_alice, "jsonl").splitlines():
        event = json.loads(line)
        event.pop("id")
        digest = event.pop("digest")
        text = json.dumps(event, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_who_takes_what_out_is_recorded(alice: User, by_alice: Client, mine: VirtualMachine) -> None:
    listed = Event.objects.filter(target_kind="virtualmachine").count()
    taken(by_alice, "jsonl", "?kind=virtualmachine")
    event = Event.objects.get(action="record.exported")
    assert event.actor_id == alice.pk
    assert event.after == {"format": "jsonl", "events": listed, "kind": "virtualmachine"}


def test_an_address_that_makes_no_sense_takes_nothing_out(by_alice: Client) -> None:
    answer = by_alice.post("/record/export.csv?action=dance")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/record/?action=dance")
    assert not Event.objects.filter(action="record.exported").exists()


def test_looking_takes_nothing_out(by_alice: Client) -> None:
    assert by_alice.get("/record/export.csv").status_code == 405
    assert by_alice.post("/record/export.exe").status_code == 404
    assert not Event.objects.filter(action="record.exported").exists()


def test_a_post_without_the_token_of_the_page_takes_nothing_out(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post("/record/export.csv").status_code == 403
    assert not Event.objects.filter(action="record.exported").exists()
