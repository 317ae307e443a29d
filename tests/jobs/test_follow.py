from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.jobs.naming import title
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def test_a_job_that_others_began_is_mirrored_with_its_machine_and_origin(
    cluster: Cluster, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    with connect(cluster) as client:
        number = client.instances.shutdown(running.name, timeout_s=1, reason="power work in room 3")
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job = Job.objects.get(ganeti_id=number)
    assert (job.command, job.vm, title(job)) == ("", running, f"Shut down {running.name}")
    assert job.origin == "another program: power work in room 3"
    running.refresh_from_db()
    assert running.status == "ADMIN_down"


def test_a_job_about_tags_belongs_to_the_machine_that_gets_them(
    cluster: Cluster, running: VirtualMachine, ganeti: SimulatedCluster
) -> None:
    with connect(cluster) as client:
        number = client.instances.add_tags(running.name, ["precious"], reason="test")
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job = Job.objects.get(ganeti_id=number)
    assert (job.vm, title(job)) == (running, f"Add tags {running.name}")


def test_a_failed_job_keeps_ganetis_error_with_class_and_code(
    cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    with connect(cluster) as client:
        number = client.instances.start("nobody.example.org", reason="test")
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    job = Job.objects.get(ganeti_id=number)
    assert (job.status, job.error_class, job.error_code) == (Status.FAILED, "OpPrereqError", "unknown_entity")
    assert "nobody.example.org" in job.error


def test_an_ended_job_is_not_asked_for_again(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    with connect(cluster) as client:
        client.cluster.redistribute_config(reason="test")
    ganeti.wait_for_jobs()
    cycle.run(cluster, everything=True)
    cluster.refresh_from_db()
    assert cluster.last_job_id == max(job.id for job in ganeti.jobs)
    assert not Job.objects.filter(cluster=cluster).in_flight().exists()


def test_what_was_sent_and_left_no_trace_is_told_as_not_arrived(
    alice: User, stopped: VirtualMachine, cluster: Cluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    assert job.claim()
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.UNKNOWN  # it may still be on its way
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=5))
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "did not arrive" in job.error
    event = Event.objects.get(job_id=job.pk, action="job.ended")
    assert event.after == {"command": "start", "verb": "Start", "status": "failed", "error": job.error}


def test_a_job_that_the_cluster_has_forgotten_has_its_end_in_the_record(
    alice: User, stopped: VirtualMachine, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING, ganeti_id=99_999)
    cycle.run(cluster, everything=True)
    job.refresh_from_db()
    assert "has forgotten its job 99999" in job.error
    assert Event.objects.get(job_id=job.pk, action="job.ended").words.label == "Start failed:"


def test_the_machine_is_fresh_before_its_job_is_seen_to_have_ended(
    alice: User,
    stopped: VirtualMachine,
    work: Callable[[Cluster], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = request_job(by=alice, command=Start(), on=stopped)
    seen = []
    save = Job.save

    def watched(row: Job, *args: object, **options: object) -> None:
        if row.pk == job.pk and row.status == Status.DONE:
            seen.append(VirtualMachine.objects.get(pk=stopped.pk).status)
        save(row, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Job, "save", watched)
    work(stopped.cluster)
    assert seen == ["running"]
