"""Virtual machines, as Ganeti last told of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from ganeti_webmgr.clusters.models import Mirrored
from ganeti_webmgr.permissions.vocabulary import MACHINE, choices


class VirtualMachine(Mirrored):
    """A virtual machine: what it is set to be (`admin_state`) apart from what was seen (`oper_state`)."""

    class AdminState(models.TextChoices):
        UP = "up", "should run"
        DOWN = "down", "should be stopped"
        OFFLINE = "offline", "set offline"

    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="vms")
    owner = models.ForeignKey(
        "permissions.Project", models.PROTECT, null=True, related_name="vms", help_text="Null: nobody's yet"
    )
    primary_node = models.ForeignKey("nodes.Node", models.SET_NULL, null=True, related_name="primary_vms")
    secondary_node = models.ForeignKey("nodes.Node", models.SET_NULL, null=True, related_name="secondary_vms")
    status = models.CharField(max_length=20, help_text="Ganeti's word: reference, section 12")
    admin_state = models.CharField(max_length=7, choices=AdminState)
    oper_state = models.BooleanField(null=True, help_text="Seen running; null where the node did not tell")
    memory_mib = models.BigIntegerField(help_text="The most that it may have")
    memory_min_mib = models.BigIntegerField()
    memory_now_mib = models.BigIntegerField(null=True)
    vcpus = models.PositiveIntegerField()
    vcpus_now = models.PositiveIntegerField(null=True)
    disk_mib = models.BigIntegerField(help_text="The sum of its disks")
    disk_template = models.CharField(max_length=20)
    hypervisor = models.CharField(max_length=20)
    os = models.CharField(max_length=255, blank=True)
    consoles: Any  # of consoles.Console, which stands above this app

    # Each tag between line ends, so that one is found whole by a plain search on every database.
    tag_lines = models.TextField(blank=True)
    address_lines = models.TextField(
        blank=True, help_text="IP addresses and MACs of its interfaces, a line each"
    )

    # Ours alone; Ganeti does not know of it.
    notes = models.TextField(blank=True)
    lock_reason = models.CharField(
        max_length=200, blank=True, help_text="Why it is not to be stopped or removed; empty: not locked"
    )
    locked_by = models.CharField(max_length=150, blank=True)
    locked_at = models.DateTimeField(null=True)
    started_with = models.JSONField(
        null=True,
        help_text="Its settings when it last started; empty: not running, null: we did not see it start",
    )
    needs_restart = models.BooleanField(
        null=True, default=False, help_text="Whether settings wait for a restart; null where nobody knows"
    )

    class Meta:
        default_permissions = ()
        permissions = choices(MACHINE)
        constraints = [models.UniqueConstraint(fields=["cluster", "uuid"], name="one_machine_of_a_uuid")]
        indexes = [
            # With what lists are mostly narrowed by: they look through it and read only the rows they show.
            models.Index(
                fields=["sort_name", "id", "name", "cluster", "owner", "missing_since"],
                name="machine_in_order",
            ),
            models.Index(fields=["cluster", "sort_name", "id"], name="machine_of_cluster"),
            models.Index(
                fields=["status", "sort_name", "id"],
                condition=models.Q(missing_since=None),
                name="machine_of_status",
            ),
            models.Index(
                fields=["sort_name", "id"],
                condition=models.Q(missing_since__isnull=False),
                name="machine_missing",
            ),
            models.Index(fields=["needs_restart", "sort_name", "id"], name="machine_waiting"),
            # All that the overview adds up, so that it reads no rows, which are long.
            models.Index(
                fields=[
                    "cluster",
                    "owner",
                    "missing_since",
                    "status",
                    "admin_state",
                    "needs_restart",
                    "memory_mib",
                    "vcpus",
                    "disk_mib",
                    "id",
                ],
                name="machine_figures",
            ),
            # All that the list sorts by and that is seldom asked for: it sorts this instead of long rows.
            models.Index(
                fields=[
                    "memory_mib",
                    "vcpus",
                    "disk_mib",
                    "os",
                    "hypervisor",
                    "disk_template",
                    "status",
                    "owner",
                    "primary_node",
                    "secondary_node",
                    "id",
                ],
                name="machine_sorted",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("vms:detail", args=[self.cluster.slug, self.name])

    @property
    def tags(self) -> list[str]:
        return self.tag_lines.split()

    @property
    def addresses(self) -> list[str]:
        return self.address_lines.split()


class SearchText(models.Model):
    """What a machine is found by: name, system, tags and addresses in small letters, and tags as they are."""

    vm = models.OneToOneField(VirtualMachine, models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField()
    tag_lines = models.TextField()


class FormerName(models.Model):
    """A name that a machine had, so that old links still lead to it."""

    vm = models.ForeignKey(VirtualMachine, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=255)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="machine_once_named")]


class MachineTemplate(models.Model):
    """A form for new machines, saved: of a project, or published on a cluster to all who may deploy there."""

    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    cluster = models.ForeignKey(
        "clusters.Cluster", models.CASCADE, null=True, related_name="templates", help_text="Null: any"
    )
    owner = models.ForeignKey(
        "permissions.Project",
        models.CASCADE,
        null=True,
        related_name="templates",
        help_text="Null: published",
    )
    blueprint = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False) | models.Q(cluster__isnull=False),
                name="template_is_somebodys",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("templates:detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.owner_id is None
