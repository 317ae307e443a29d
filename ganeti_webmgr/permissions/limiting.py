"""Setting how much there may be on a cluster: of one project, or of each that has no quota of its own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import DefaultQuota, Project, Quota

PARTS = ["memory_mib", "vcpus", "disk_mib", "machines"]


@transaction.atomic
def set_quota(project: Project, cluster: Any, *, by: User, **limits: int | None) -> None:
    """Gives the project a quota of its own on the cluster; None is no limit, 0 nothing at all."""
    policy.require(by, "admin", cluster)
    existing = Quota.objects.filter(project=project, cluster=cluster).first()
    quota = existing or Quota(project=project, cluster=cluster)
    before = model_to_dict(quota, PARTS) if existing else None
    _set(quota, limits)
    publish(f"project:{project.pk}", f"cluster:{cluster.pk}")
    there = Subject.of(project).there(cluster)
    record("quota.set", there, by=by, before=before, after=model_to_dict(quota, PARTS))


@transaction.atomic
def clear_quota(project: Project, cluster: Any, *, by: User) -> None:
    """Takes the project's own quota away: the cluster's default is in force again."""
    policy.require(by, "admin", cluster)
    quota = Quota.objects.filter(project=project, cluster=cluster).first()
    if quota is None:
        return
    before = model_to_dict(quota, PARTS)
    quota.delete()
    publish(f"project:{project.pk}", f"cluster:{cluster.pk}")
    record("quota.cleared", Subject.of(project).there(cluster), by=by, before=before)


@transaction.atomic
def set_default_quota(cluster: Any, *, by: User, running_only: bool = False, **limits: int | None) -> None:
    """What each project may have on the cluster that has no quota of its own there."""
    policy.require(by, "admin", cluster)
    existing = DefaultQuota.objects.filter(cluster=cluster).first()
    quota = existing or DefaultQuota(cluster=cluster)
    named = [*PARTS, "running_only"]
    before = model_to_dict(quota, named) if existing else None
    quota.running_only = running_only
    _set(quota, limits)
    publish(f"cluster:{cluster.pk}")
    record("quota.default-set", cluster, by=by, before=before, after=model_to_dict(quota, named))


def _set(quota: Quota | DefaultQuota, limits: dict[str, int | None]) -> None:
    for name in PARTS:
        setattr(quota, name, limits.get(name))
    quota.full_clean()
    quota.save()
