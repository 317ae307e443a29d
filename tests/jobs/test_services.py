from __future__ import annotations

import pytest
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.services import Conflict, cancel, request_job
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.permissions.policy import Denied
from ganeti_webmgr.vms.commands import Restart, ShutDown, Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def test_an_intent_is_a_row_that_says_who_wants_what_of_which_machine(
    alice: User, stopped: VirtualMachine
) -> None:
    job = request_job(by=alice, command=ShutDown(timeout_s=30), on=stopped)
    row = Job.objects.get(pk=job.pk)
    assert (row.status, row.requested_by, row.vm) == (Status.REQUESTED, alice, stopped)
    assert (row.command, row.params) == ("shut-down", {"timeout_s": 30})
    assert row.reason == f"gwm:alice:{row.token}"


@pytest.mark.django_db(transaction=True)
def test_pages_of_the_machine_are_told_in_the_same_transaction(alice: User, stopped: VirtualMachine) -> None:
    Notice.objects.all().delete()
    job = request_job(by=alice, command=Start(), on=stopped)
    assert set(Notice.objects.values_list("topic", flat=True)) == {f"job:{job.pk}", f"vm:{stopped.pk}"}


def test_a_second_intent_waits_for_the_first_and_nothing_is_written(
    alice: User, stopped: VirtualMachine
) -> None:
    first = request_job(by=alice, command=Start(), on=stopped)
    with pytest.raises(Conflict, match=f"Waits: job {first.pk} is starting this machine"):
        request_job(by=alice, command=Restart(), on=stopped)
    assert list(Job.objects.filter(vm=stopped).open()) == [first]


def test_a_job_from_the_command_line_is_in_the_way_as_well(alice: User, stopped: VirtualMachine) -> None:
    Job.objects.create(
        cluster=stopped.cluster,
        vm=stopped,
        status=Status.RUNNING,
        ganeti_id=99_999,
        operations=[
            {"op": "OP_INSTANCE_MIGRATE", "label": "Migrate", "busy": "Migrating", "status": "running"}
        ],
    )
    with pytest.raises(Conflict, match="job 99999 is migrating this machine"):
        request_job(by=alice, command=Start(), on=stopped)


def test_the_database_itself_holds_one_open_intent_for_a_machine(
    alice: User, stopped: VirtualMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_job(by=alice, command=Start(), on=stopped)
    # As if two requests had looked at the same moment: both see a free machine.
    monkeypatch.setattr("ganeti_webmgr.jobs.services.obstacle_to", lambda vm, job=None: "")
    with pytest.raises(Conflict, match="at the same moment"):
        request_job(by=alice, command=Start(), on=stopped)
    assert Job.objects.filter(vm=stopped).open().count() == 1


def test_nobody_asks_for_what_he_may_not(charlie: User, stopped: VirtualMachine) -> None:
    with pytest.raises(Denied):
        request_job(by=charlie, command=Start(), on=stopped)
    assert not Job.objects.filter(vm=stopped).open().exists()


@pytest.mark.parametrize(("flag", "words"), [("read_only", "is read-only here"), ("paused", "is paused")])
def test_nothing_is_asked_of_a_cluster_that_is_not_to_be_changed(
    alice: User, stopped: VirtualMachine, flag: str, words: str
) -> None:
    setattr(stopped.cluster, flag, True)
    with pytest.raises(Conflict, match=words):
        request_job(by=alice, command=Start(), on=stopped)


def test_nothing_is_asked_of_a_machine_that_is_gone(alice: User, stopped: VirtualMachine) -> None:
    stopped.missing_since = timezone.now()
    with pytest.raises(Conflict, match="is not on sim1 any more"):
        request_job(by=alice, command=Start(), on=stopped)


def test_what_was_not_sent_is_cancelled_at_once(alice: User, stopped: VirtualMachine) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    cancel(job, by=alice)
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert not job.claim()


def test_what_has_ended_cannot_be_cancelled(alice: User, cluster: Cluster) -> None:
    job = Job.objects.create(cluster=cluster, status=Status.DONE, ganeti_id=99_999)
    with pytest.raises(Conflict, match="Has ended: done"):
        cancel(job, by=alice)


def record_of(job: Job) -> list[tuple[str, str, str]]:
    """What the record keeps of the job: the action, who, and how it ended."""
    events = Event.objects.filter(job_id=job.pk).order_by("pk")
    return [(event.action, event.actor_name, (event.after or {}).get("status", "")) for event in events]


def test_the_record_keeps_who_asked_and_in_the_words_of_the_button(
    alice: User, stopped: VirtualMachine
) -> None:
    job = request_job(by=alice, command=ShutDown(timeout_s=30), on=stopped)
    event = Event.objects.get(job_id=job.pk)
    assert event.after == {"command": "shut-down", "verb": "Shut down", "timeout_s": 30}
    assert event.words.label == "Shut down"


def test_what_is_cancelled_before_it_was_sent_has_its_end_in_the_record(
    alice: User, stopped: VirtualMachine
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    cancel(job, by=alice)
    assert record_of(job) == [
        ("job.requested", "alice", ""),
        ("job.cancelled", "alice", ""),
        ("job.ended", "alice", "cancelled"),
    ]


def test_a_job_from_the_command_line_that_is_cancelled_here_is_recorded(
    alice: User, stopped: VirtualMachine
) -> None:
    job = Job.objects.create(
        cluster=stopped.cluster, vm=stopped, status=Status.RUNNING, ganeti_id=99_999, ganeti_status="queued"
    )
    cancel(job, by=alice)
    assert record_of(job) == [("job.cancelled", "alice", "")]
