"""Whether a cluster answers, kept in its row and told in words."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster, Loop, Trouble
from ganeti_webmgr.clusters.secrets import Undecipherable
from ganeti_webmgr.live import publish

FIRST_PAUSE_S = 5
LONGEST_PAUSE_S = 60  # a cluster that is back is seen to be back within one turn of its nodes
REFUSED_PAUSE_S = 600  # Ganeti's log fills, and a watching tool may block the account


@transaction.atomic
def failed(cluster: Cluster, error: rapi.RapiError | Undecipherable) -> None:
    """Notes the failure and when to ask again; everything that was known stays and is shown with its age."""
    trouble = classify(error)
    now = timezone.now()
    failures = cluster.failures + 1
    changed = trouble != cluster.trouble
    cluster.failures = failures
    cluster.trouble = trouble
    cluster.trouble_since = cluster.trouble_since or now
    cluster.last_error = getattr(error, "message", str(error))[:2000]
    cluster.next_attempt_at = now + timedelta(seconds=pause_s(trouble, failures))
    Cluster.objects.filter(pk=cluster.pk).update(
        failures=F("failures") + 1,
        trouble=cluster.trouble,
        trouble_since=cluster.trouble_since,
        last_error=cluster.last_error,
        next_attempt_at=cluster.next_attempt_at,
    )
    if changed:
        publish(f"cluster:{cluster.pk}")


def recovered(cluster: Cluster) -> None:
    """Forgets the trouble; writes only where there was one."""
    if cluster.failures:
        _recover(cluster)


@transaction.atomic
def _recover(cluster: Cluster) -> None:
    cluster.failures, cluster.trouble, cluster.last_error = 0, "", ""
    cluster.trouble_since = cluster.next_attempt_at = None
    fields = ["failures", "trouble", "last_error", "trouble_since", "next_attempt_at"]
    cluster.save(update_fields=fields)
    publish(f"cluster:{cluster.pk}")


@transaction.atomic
def loop_failed(cluster: Cluster, name: str, why: str) -> None:
    """Notes that one loop does not work while the cluster answers; written once for each new reason."""
    loop, _ = Loop.objects.get_or_create(cluster=cluster, name=name)
    if loop.last_error != why[:2000]:
        loop.last_error = why[:2000]
        loop.failing_since = loop.failing_since or timezone.now()
        loop.save(update_fields=["last_error", "failing_since"])
        publish(f"cluster:{cluster.pk}")


@transaction.atomic
def loop_recovered(cluster: Cluster, name: str) -> None:
    """Forgets what kept the loop from working."""
    Loop.objects.filter(cluster=cluster, name=name).delete()
    publish(f"cluster:{cluster.pk}")


def classify(error: Exception) -> Trouble:
    """Which kind of trouble an error tells of."""
    match error:
        case rapi.CertificateMismatch():
            return Trouble.CERTIFICATE
        case rapi.Unauthorized() | rapi.Forbidden() | Undecipherable():
            return Trouble.CREDENTIALS
        case rapi.BadAnswer():
            return Trouble.ANSWER
        case _:
            return Trouble.UNREACHABLE


def pause_s(trouble: Trouble, failures: int) -> float:
    """Seconds until the next attempt after so many failures in a row."""
    if trouble == Trouble.CREDENTIALS and failures >= 3:
        return REFUSED_PAUSE_S
    pause: float = min(FIRST_PAUSE_S * 2 ** min(failures - 1, 10), LONGEST_PAUSE_S)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads attempts, hides nothing
