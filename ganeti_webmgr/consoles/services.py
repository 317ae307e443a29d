"""What people do about consoles besides looking at them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import seal
from ganeti_webmgr.consoles.models import ClusterConsoles, Console
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.standing import standing

OWN = "you, on another page"


@transaction.atomic
def end(consoles: Iterable[Console], *, by: User, reason: str = "") -> int:
    """Asks the proxy to end them, which it does within seconds, and says how many; Denied, and none is."""
    ended = 0
    for console in consoles:
        policy.require(by, "end", console)
        name = OWN if console.user_id == by.pk else by.get_username()
        open_ones = Console.objects.filter(pk=console.pk, ended_at=None, end_asked_by="")
        if not open_ones.update(end_asked_by=name[:150], end_reason=reason[:100]):
            continue
        ended += 1
        publish(f"console:{console.pk}", f"vm:{console.vm_id}")
        after = {"reason": reason} if reason else None
        record(
            "console.ended",
            console.vm,
            by=by,
            acted_as=standing(by, console.vm),
            person=console.user,
            after=after,
        )
    return ended


@transaction.atomic
def configure(
    cluster: Cluster, *, by: User, password: str | None, ca_pem: str, reached_directly: bool
) -> ClusterConsoles:
    """How the cluster's screens are reached from now on. A password of None leaves the stored one."""
    policy.require(by, "admin", cluster)
    row, _ = ClusterConsoles.objects.select_for_update().get_or_create(cluster=cluster)
    before = _said(row)
    if password is not None:
        row.password = seal(password) if password else ""
    row.ca_pem, row.reached_directly = ca_pem, reached_directly
    row.save()
    publish(f"cluster:{cluster.pk}")
    after = _said(row)
    if password:
        after["password"] = "changed"  # noqa: S105 - what is said of it
    record("consoles.changed", cluster, by=by, before=before, after=after)
    return row


def _said(row: ClusterConsoles) -> dict[str, Any]:
    return {
        "password": "set" if row.password else "none",
        "certificate authority": "set" if row.ca_pem else "none",
        "reached directly": row.reached_directly,
    }
