from __future__ import annotations

import io
import os
import threading

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.chain import faults
from ganeti_webmgr.audit.models import Event, Immutable
from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def tampered(sql: str) -> list[str]:
    """What is found after somebody has changed the table behind our back."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return list(faults())


def test_an_event_names_everything_so_that_it_outlives_it(
    alice: User, by_alice: Client, stopped: VirtualMachine
) -> None:
    answer = by_alice.post(f"{stopped.get_absolute_url()}-/start/", REMOTE_ADDR="192.0.2.7")
    event = Event.objects.get(action="job.requested")
    assert (event.actor_id, event.actor_name, event.acted_as) == (alice.pk, "alice", "superuser")
    assert (event.address, event.request_id) == ("192.0.2.7", answer.headers["X-Request-ID"])
    assert (event.target_kind, event.target_name) == ("virtualmachine", stopped.name)
    assert (event.cluster_name, event.job_id) == ("sim1", stopped.jobs.get(command="start").pk)
    alice.delete()
    assert Event.objects.get(pk=event.pk).actor_name == "alice"


def test_what_is_rolled_back_was_never_recorded(alice: User) -> None:
    with transaction.atomic():
        record("grant.given", by=alice)
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert list(faults()) == []


def test_no_path_in_the_code_changes_or_removes_an_event(alice: User) -> None:
    event = record("grant.given", by=alice)
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(actor_name="x"),
    ):
        with pytest.raises(Immutable):
            attempt()


def test_the_chain_tells_of_every_kind_of_change(alice: User) -> None:
    ids = [record("grant.given", by=alice, after={"number": number}).pk for number in range(4)]
    assert list(faults()) == []
    with transaction.atomic():
        assert tampered(f"UPDATE audit_event SET actor_name = 'mallory' WHERE id = {ids[1]}") == [
            f"Event {ids[1]} is not as it was written."
        ]
        transaction.set_rollback(True)
    with transaction.atomic():
        assert "something was taken out" in tampered(f"DELETE FROM audit_event WHERE id = {ids[1]}")[0]
        transaction.set_rollback(True)
    with transaction.atomic():
        assert "ends too early" in tampered(f"DELETE FROM audit_event WHERE id = {ids[3]}")[0]
        transaction.set_rollback(True)


def test_the_command_says_whether_the_record_is_whole(alice: User) -> None:
    record("grant.given", by=alice)
    out = io.StringIO()
    call_command("verify-record", stdout=out)
    assert "1 events, each as it was written." in out.getvalue()
    kept = out.getvalue().split()[-1]
    assert kept == Event.objects.get().digest
    record("grant.given", by=alice)
    call_command("verify-record", kept=kept, stdout=io.StringIO())
    with pytest.raises(CommandError):
        call_command("verify-record", kept="0" * 64, stderr=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET actor_name = 'mallory'")
    with pytest.raises(CommandError):
        call_command("verify-record", stderr=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_many_who_record_at_once_make_one_chain(alice: User) -> None:
    def write() -> None:
        for _ in range(5):
            record("grant.given", by=alice)
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Event.objects.count() == 30
    assert list(faults()) == []


def test_signing_in_and_failing_to_are_recorded_without_what_was_typed(alice: User, client: Client) -> None:
    client.post("/sign-in/", {"login": "alice", "password": "alices-passwort"})
    client.post("/sign-in/", {"login": "nobody-we-know", "password": "x"})
    client.post("/sign-in/", {"login": "alice", "password": "alices-password"})
    client.post("/sign-out/")
    told = list(Event.objects.order_by("pk").values_list("action", "actor_name"))
    assert told == [
        ("person.refused", "alice"),
        ("person.refused", "nobody-we-know"),
        ("person.signed-in", "alice"),
        ("person.signed-out", "alice"),
    ]
    assert "passwort" not in str(list(Event.objects.values()))


def test_a_new_password_is_recorded_and_the_password_is_not(alice: User, by_alice: Client) -> None:
    new = "a much longer secret"
    typed = {"old_password": "alices-password", "new_password1": new, "new_password2": new}
    by_alice.post("/me/password/", typed)
    event = Event.objects.get(action="person.password-changed")
    assert (event.actor_id, event.person_id, event.target_name) == (alice.pk, alice.pk, "alice")
    assert (event.before, event.after) == (None, None)


def test_a_group_is_never_taken_for_the_person_who_has_its_number(alice: User) -> None:
    group = Group.objects.create(pk=alice.pk, name="staff")
    assert record("grant.given", by="somebody", person=group).person_id is None


def test_who_runs_a_command_under_a_number_without_a_name_is_named_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert shell() == f"user {os.getuid()} on the command line"
