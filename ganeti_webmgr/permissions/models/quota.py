"""How much a project may have on a cluster, and what is promised to jobs that have not ended."""

from __future__ import annotations

from django.db import models

from ganeti_webmgr.permissions.models.project import Project


class Limits(models.Model):
    """The most there may be. Null: no limit; 0: none at all."""

    memory_mib = models.PositiveBigIntegerField(null=True, blank=True)
    vcpus = models.PositiveIntegerField(null=True, blank=True)
    disk_mib = models.PositiveBigIntegerField(null=True, blank=True)
    machines = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class DefaultQuota(Limits):
    """What each project may have on a cluster that has no quota of its own there."""

    cluster = models.OneToOneField("clusters.Cluster", models.CASCADE, related_name="default_quota")
    running_only = models.BooleanField(
        default=False,
        help_text="Memory and vCPUs count only for machines that run; then starting is checked.",
    )


class Quota(Limits):
    """What one project may have on one cluster."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="quotas")
    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="quotas")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "cluster"], name="one_quota_on_a_cluster")]


class Reservation(models.Model):
    """What a job will need, taken with its intent; it counts for as long as the job is open."""

    job = models.OneToOneField("jobs.Job", models.CASCADE, related_name="reservation")
    project = models.ForeignKey(Project, models.CASCADE, related_name="reservations")
    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="reservations")
    memory_mib = models.PositiveBigIntegerField(default=0)
    vcpus = models.PositiveIntegerField(default=0)
    disk_mib = models.PositiveBigIntegerField(default=0)
    machines = models.PositiveIntegerField(default=0)
    over_limit = models.BooleanField(default=False, help_text="Somebody ticked that it may go over")

    class Meta:
        indexes = [models.Index(fields=["project", "cluster"], name="reservation_of_project")]
