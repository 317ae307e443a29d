"""Grants on single objects: django-guardian's rows with direct foreign keys, and who gave them until when.

One row for each permission. What somebody holds on an object was given at once: its rows share role, giver,
note and end.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


def in_force(at: datetime | Expression | None = None) -> Q:
    """Those whose end has not come, to the second: now, or at that moment."""
    return Q(expires_at=None) | Q(expires_at__gt=at or timezone.now())


class Grant(models.Model):
    """What is known of each grant beside who holds which permission on what."""

    role = models.CharField(max_length=12, blank=True, help_text="The role it came with; empty: by itself")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class ClusterUserGrant(Grant, UserObjectPermissionBase):
    content_object = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="user_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="cluster_user_grant_ends")]


class ClusterGroupGrant(Grant, GroupObjectPermissionBase):
    content_object = models.ForeignKey("clusters.Cluster", models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="cluster_group_grant_ends")]


class MachineUserGrant(Grant, UserObjectPermissionBase):
    content_object = models.ForeignKey("vms.VirtualMachine", models.CASCADE, related_name="user_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="machine_user_grant_ends")]


class MachineGroupGrant(Grant, GroupObjectPermissionBase):
    content_object = models.ForeignKey("vms.VirtualMachine", models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="machine_group_grant_ends")]


class ProjectGroupGrant(Grant, GroupObjectPermissionBase):
    """A group's part in a project; a person's part is a membership."""

    content_object = models.ForeignKey("permissions.Project", models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["expires_at"], name="project_group_grant_ends")]


# By kind of object: the grants of persons and those of groups.
GRANTS: dict[str, tuple[Any, Any]] = {
    "cluster": (ClusterUserGrant, ClusterGroupGrant),
    "virtualmachine": (MachineUserGrant, MachineGroupGrant),
    "project": (None, ProjectGroupGrant),
}
