"""One thing that is done to many machines: which ones, and what became of each."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ganeti_webmgr.jobs.models import OPEN
from ganeti_webmgr.jobs.models import Status as JobStatus

AT_ONCE = 10


def new_token() -> str:
    return secrets.token_hex(8)


class Bulk(models.Model):
    """What is to be done to which machines. They are fixed when they are chosen."""

    token = models.CharField(max_length=16, unique=True, default=new_token)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bulks"
    )
    verb = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    chosen_by = models.CharField(
        max_length=500, blank=True, help_text="The filter that was in force, in words"
    )
    per_cluster = models.PositiveSmallIntegerField(default=AT_ONCE, help_text="How many at the same time")
    over_quota = models.BooleanField(default=False, help_text="Whether it may go over, as a superuser wished")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, help_text="Null: only looked at so far")

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="bulk_latest_first")]

    def get_absolute_url(self) -> str:
        return reverse("bulk:detail", args=[self.token])


class Part(models.Model):
    """One machine of it."""

    class Status(models.TextChoices):
        CHOSEN = "chosen", "Chosen"
        WAITING = "waiting", "Waiting for its turn"
        ASKED = "asked", "Asked for"
        REFUSED = "refused", "Refused"
        SKIPPED = "skipped", "Skipped"

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="parts")
    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="+")
    vm = models.ForeignKey("vms.VirtualMachine", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="Outlives the machine")
    status = models.CharField(max_length=8, choices=Status, default=Status.CHOSEN)
    why = models.TextField(blank=True, help_text="Why it was skipped or refused")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "vm"], name="one_part_of_a_machine")]
        indexes = [models.Index(fields=["bulk", "status", "id"], name="part_of_bulk")]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it is known that it did not come about."""
        if self.vm_id is None:
            return False
        failed = (JobStatus.FAILED, JobStatus.CANCELLED)
        return self.status == self.Status.REFUSED or bool(self.job and self.job.status in failed)


# The parts by what became of them, each as a condition.
TURNS = Q(status=Part.Status.WAITING) | Q(status=Part.Status.ASKED, job__status__in=OPEN)
OUTCOMES: dict[str, Q] = {
    "failed": Q(status=Part.Status.REFUSED) | Q(job__status__in=(JobStatus.FAILED, JobStatus.CANCELLED)),
    "open": TURNS,
    "done": Q(job__status=JobStatus.DONE),
    "skipped": Q(status=Part.Status.SKIPPED),
    "all": Q(),
}
