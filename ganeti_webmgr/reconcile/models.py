"""What somebody settled between Ganeti and us: of which machines or nodes, and what became of each.

Also who an older manager's owners and groups are here.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy


def new_token() -> str:
    return secrets.token_hex(8)


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """Settlements, as far as somebody may see them."""

    def visible_to(self, user: User) -> SettlementQuerySet:
        """The person's own; all of them for superusers."""
        return self if policy.sees_all(user) else self.filter(requested_by=user)


class Settlement(models.Model):
    """What is to be done about which rows. They are fixed when they are chosen."""

    token = models.CharField(max_length=16, unique=True, default=new_token)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    params = models.JSONField(default=dict, help_text="As they were looked at")
    chosen_by = models.CharField(
        max_length=500, blank=True, help_text="The filter that was in force, in words"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, help_text="Null: only looked at so far")

    objects = SettlementQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def get_absolute_url(self) -> str:
        return reverse("reconcile:settlement", args=[self.token])


class Entry(models.Model):
    """One machine or node of it."""

    class Status(models.TextChoices):
        CHOSEN = "chosen", "Chosen"
        WAITING = "waiting", "Waiting for its turn"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        SKIPPED = "skipped", "Skipped"

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="entries")
    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="+")
    vm = models.ForeignKey("vms.VirtualMachine", models.SET_NULL, null=True, related_name="+")
    node = models.ForeignKey("nodes.Node", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="Outlives the row")
    status = models.CharField(max_length=8, choices=Status, default=Status.CHOSEN)
    why = models.TextField(blank=True, help_text="What came of it, or why nothing did")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["settlement", "status", "id"], name="entry_of_settlement")]

    def __str__(self) -> str:
        return self.name


class FormerGroup(models.Model):
    """What the import made of a group that owns nothing, by its number beside a cluster."""

    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["cluster", "number"], name="one_group_of_a_number")]


class FormerOwner(models.Model):
    """Who an owner is here whom tags of an older manager on a cluster name by its number."""

    cluster = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="former_owners")
    key = models.CharField(max_length=40, help_text="owner:12, U:5 or G:3: what its tags say")
    project = models.ForeignKey("permissions.Project", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cluster", "key"], name="one_owner_of_a_number"),
            models.CheckConstraint(
                condition=Q(project__isnull=False, user=None) | Q(project=None, user__isnull=False),
                name="former_owner_is_somebody",
            ),
        ]
