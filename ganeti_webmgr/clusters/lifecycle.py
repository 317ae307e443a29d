"""What becomes of a cluster that is here: renamed, held still, removed. Ganeti notices none of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.clusters.checkups import require_adding
from ganeti_webmgr.clusters.models import Cluster, FormerSlug
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal


class StillBusy(Refusal):
    """Something that was asked for here is not done yet."""

    status = 409
    title = "Not now"


@transaction.atomic
def change_settings(cluster: Cluster, *, by: User, **changes: Any) -> Cluster:
    """The cluster with another name, short name or read-only; ValidationError, by field, where one is taken.

    Its former short name leads to it for as long as nobody else takes it.
    """
    policy.require(by, "admin", cluster)
    row = Cluster.objects.select_for_update().get(pk=cluster.pk)
    before = {name: getattr(row, name) for name in changes if getattr(row, name) != changes[name]}
    if not before:
        return row
    for name in before:
        setattr(row, name, changes[name])
    if Cluster.objects.filter(slug=row.slug).exclude(pk=row.pk).exists():
        raise ValidationError({"slug": "There is a cluster of that name already."})
    row.save(update_fields=list(before))
    FormerSlug.objects.filter(slug=row.slug).delete()
    if "slug" in before:
        FormerSlug.objects.create(cluster=row, slug=before["slug"])
    publish(f"cluster:{row.pk}")
    after = {name: changes[name] for name in before}
    record("cluster.changed", row, by=by, acted_as=standing(by, row), before=before, after=after)
    return row


@transaction.atomic
def pause(cluster: Cluster, *, by: User) -> None:
    """From now on nothing is asked of the cluster and nothing is sent to it."""
    policy.require(by, "admin", cluster)
    if Cluster.objects.filter(pk=cluster.pk, paused=False).update(paused=True):
        publish(f"cluster:{cluster.pk}")
        record("cluster.paused", cluster, by=by, acted_as=standing(by, cluster))


@transaction.atomic
def resume(cluster: Cluster, *, by: User) -> None:
    """The cluster is asked again, at once."""
    policy.require(by, "admin", cluster)
    if Cluster.objects.filter(pk=cluster.pk, paused=True).update(paused=False, next_attempt_at=None):
        publish(f"cluster:{cluster.pk}")
        transaction.on_commit(partial(schedule.hurry, cluster.pk, *(loop.name for loop in schedule.LOOPS)))
        record("cluster.resumed", cluster, by=by, acted_as=standing(by, cluster))


@transaction.atomic
def remove(cluster: Cluster, *, by: User) -> None:
    """Forgets the cluster with its machines, rights, quotas and jobs; what was done there stays recorded."""
    require_adding(by)
    row = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if asked := row.jobs.open().exclude(command="").count():
        raise StillBusy(
            f"{asked} job{'' if asked == 1 else 's'} asked for here are not done yet. Wait, or cancel them."
        )
    before = {"url": row.url, "username": row.username, **what_goes(row)}
    publish(f"cluster:{row.pk}")
    record("cluster.removed", row, by=by, before=before)
    row.delete()


def what_goes(cluster: Cluster) -> dict[str, int]:
    """How much is forgotten with the cluster."""
    return {
        "machines": cluster.vms.count(),
        "nodes": cluster.nodes.count(),
        "rights": cluster.user_grants.count() + cluster.group_grants.count(),
    }
