"""Intents and their fate; and the jobs that others gave to Ganeti."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils import timezone

from ganeti_webmgr.clusters.secrets import SealedField


class Status(models.TextChoices):
    """How far an intent has come. See the state diagram in docs/developer/jobs.md."""

    REQUESTED = "requested", "Requested"
    UNKNOWN = "unknown", "Outcome unknown"  # being sent, or sent and the answer was lost
    RUNNING = "running", "Running"  # Ganeti has it: queued, waiting or running there
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


CREATE = "create"  # the command that makes a machine
OPEN = (Status.REQUESTED, Status.UNKNOWN, Status.RUNNING)


def new_token() -> str:
    return secrets.token_hex(8)


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> JobQuerySet:
        return self.filter(status__in=OPEN)

    def in_flight(self) -> JobQuerySet:
        """What Ganeti has and has not ended."""
        return self.filter(status=Status.RUNNING, ganeti_id__isnull=False)


class QueueRule(models.Model):
    """A rule of a cluster's job queue, as it was seen last: which jobs wait, are turned away or may pass."""

    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="queue_rules")
    uuid = models.CharField(max_length=36)
    watermark = models.BigIntegerField(default=0, help_text="The last job when it was made")
    priority = models.PositiveIntegerField(default=0, help_text="Lower ones count first")
    predicates = models.JSONField(default=list)
    action = models.JSONField(default=str, help_text="A word, or ['RATE_LIMIT', number]")
    reason = models.JSONField(default=list, help_text="[[source, text, nanoseconds]]")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "uuid"], name="one_rule_of_a_uuid")]
        ordering = ("priority", "watermark", "uuid")  # in which Ganeti applies them
        default_permissions = ()

    def __str__(self) -> str:
        return self.said

    @property
    def kind(self) -> str:
        """The action, without its number."""
        return self.action if isinstance(self.action, str) else str(self.action[0])

    @property
    def said(self) -> str:
        """What whoever made it said of it; its uuid where that is nothing."""
        return next((text for _, text, _ in reversed(self.reason) if text), self.uuid)


class Job(models.Model):
    """Something to be done on a cluster: asked for here (it has a command), or seen there."""

    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="jobs")
    vm = models.ForeignKey("vms.VirtualMachine", models.SET_NULL, null=True, related_name="jobs")
    node = models.ForeignKey("nodes.Node", models.SET_NULL, null=True, related_name="jobs")
    group = models.ForeignKey("clusters.NodeGroup", models.SET_NULL, null=True, related_name="jobs")
    network = models.ForeignKey("clusters.Network", models.SET_NULL, null=True, related_name="jobs")
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="children",
        help_text="The job that Ganeti began it for",
    )
    owner = models.ForeignKey(
        "permissions.Project",
        models.SET_NULL,
        null=True,
        related_name="jobs",
        help_text="Whose the machine will be that it makes",
    )
    target_name = models.CharField(max_length=255, blank=True, help_text="Outlives the object")

    token = models.CharField(max_length=32, unique=True, default=new_token)
    command = models.CharField(max_length=40, blank=True, help_text="Empty: begun elsewhere")
    params = models.JSONField(default=dict)
    sealed = SealedField(blank=True, help_text="Parameters that nobody is shown; gone once it is done")
    batch = models.CharField(max_length=32, blank=True, help_text="Those that were asked for together")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="jobs"
    )
    origin = models.CharField(
        max_length=200, help_text="Who, in words: a user name, or the tool it came from"
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    ganeti_id = models.BigIntegerField(null=True)
    ganeti_status = models.CharField(max_length=10, blank=True)
    operations = models.JSONField(default=list, help_text="[{op, label, status, waits}] in their order")
    log = models.JSONField(default=list, help_text="[[ISO time, text], ...]")
    result = models.JSONField(null=True)
    warnings = models.JSONField(default=list)
    waits_for = models.JSONField(default=list, help_text="Why it waits in the queue: see jobs/waiting.py")
    error_class = models.CharField(max_length=80, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)
    cancel_requested_at = models.DateTimeField(null=True)
    cancel_answer = models.TextField(blank=True, help_text="Why Ganeti did not cancel it")

    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    found_by = models.GeneratedField(  # what a search looks through, in small letters
        expression=Lower(Concat("target_name", models.Value("\n"), "origin")),
        output_field=models.CharField(max_length=456),
        db_persist=True,
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "ganeti_id"], name="one_job_of_an_id"),
            models.UniqueConstraint(
                fields=["vm"],
                condition=models.Q(status__in=OPEN) & ~models.Q(command=""),
                name="one_open_intent_for_a_machine",
            ),
            *(
                models.UniqueConstraint(
                    fields=[target],
                    condition=models.Q(status__in=OPEN) & ~models.Q(command=""),
                    name=f"one_open_intent_for_a_{target}",
                )
                for target in ("node", "group", "network")
            ),
            models.UniqueConstraint(
                fields=["cluster", "target_name"],
                condition=models.Q(status__in=OPEN, command=CREATE),
                name="one_open_creation_of_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id", "found_by", "ganeti_id"], name="job_latest_first"),
            models.Index(fields=["vm", "-created_at", "-id"], name="job_of_machine"),
            models.Index(fields=["cluster", "-created_at", "-id"], name="job_of_cluster"),
            models.Index(fields=["status", "-created_at", "-id"], name="job_of_status"),
            models.Index(
                fields=["status", "-created_at", "-id"],
                condition=~models.Q(warnings=[]),
                name="job_with_warnings",
            ),
            models.Index(fields=["batch"], condition=~models.Q(batch=""), name="job_of_batch"),
        ]

    def __str__(self) -> str:
        return f"job {self.ganeti_id or self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def reason(self) -> str:
        """What the request carries, so that a lost answer is found and `gnt-job info` names the person."""
        return f"gwm:{self.origin}:{self.token}"

    def claim(self) -> bool:
        """Whether this caller, and no other, may send it now; what is sent with its parent nobody may.

        The pessimistic state is written before the attempt: delivery twice sends once, and a worker that is
        killed between sending and saving loses nothing.
        """
        now = timezone.now()
        rows = Job.objects.filter(pk=self.pk, status=Status.REQUESTED, parent=None)
        if not rows.update(status=Status.UNKNOWN, sent_at=now):
            return False
        self.status, self.sent_at = Status.UNKNOWN, now
        return True

    def release(self) -> bool:
        """Back to requested, as nothing reached the cluster; true where it ended by a cancel meanwhile."""
        mine = Job.objects.filter(pk=self.pk, status=Status.UNKNOWN)
        if mine.filter(cancel_requested_at=None).update(status=Status.REQUESTED, sent_at=None):
            return False
        return mine.update(status=Status.CANCELLED, ended_at=timezone.now()) == 1

    def accepted(self, ganeti_id: int) -> None:
        """Ganeti has it under this number; does nothing where the follower was first to find that out."""
        Job.objects.filter(pk=self.pk, status=Status.UNKNOWN).update(
            status=Status.RUNNING, ganeti_id=ganeti_id, ganeti_status="queued"
        )

    def succeed(self) -> bool:
        """Ends what Ganeti did at once, with no job of its own, unless it has moved on; whether it did."""
        now = timezone.now()
        mine = Job.objects.filter(pk=self.pk, status=Status.UNKNOWN)
        return mine.update(status=Status.DONE, started_at=now, ended_at=now) == 1

    def fail(self, *, error: str, klass: str = "", code: str = "") -> bool:
        """Ends it without Ganeti, unless it has moved on since it was read; whether it did."""
        ended = {"status": Status.FAILED, "ended_at": timezone.now()}
        told = {"error": error, "error_class": klass, "error_code": code}
        return Job.objects.filter(pk=self.pk, status=self.status).update(**ended, **told) == 1
