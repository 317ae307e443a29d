"""The machines that virtual machines run on."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from ganeti_webmgr.clusters.models import Mirrored


class Node(Mirrored):
    """A node, with what it last said about itself; unknown figures are null, never 0."""

    class Role(models.TextChoices):
        MASTER = "M", "master"
        CANDIDATE = "C", "master candidate"
        REGULAR = "R", "regular"
        DRAINED = "D", "drained"
        OFFLINE = "O", "offline"

    group = models.ForeignKey("clusters.NodeGroup", models.SET_NULL, null=True, related_name="nodes")
    role = models.CharField(max_length=1, choices=Role)
    primary_ip = models.CharField(max_length=45, blank=True)
    secondary_ip = models.CharField(max_length=45, blank=True)
    memory_total_mib = models.BigIntegerField(null=True)
    memory_free_mib = models.BigIntegerField(null=True)
    disk_total_mib = models.BigIntegerField(null=True)
    disk_free_mib = models.BigIntegerField(null=True)
    cpus = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "uuid"], name="one_node_of_a_uuid")]
        indexes = [models.Index(fields=["sort_name", "id"], name="node_in_order")]

    def get_absolute_url(self) -> str:
        return reverse("nodes:detail", args=[self.cluster.slug, self.name])
