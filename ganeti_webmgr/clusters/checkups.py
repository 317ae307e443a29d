"""What somebody typed to reach a cluster: tried by a worker first, then added or taken over."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters import schedule, tasks
from ganeti_webmgr.clusters.models import Checkup, Cluster, door_of
from ganeti_webmgr.clusters.onboarding import add_cluster, check, check_credentials, slug_of
from ganeti_webmgr.clusters.secrets import seal, unseal
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal

ASKED_AGAIN = "Type the password again: it would go to another address, or to somebody else, than before."


class NotPassed(Refusal):
    """It was not tried to its end, or a site cannot work with it."""

    status = 409
    title = "Not yet"


def require_adding(by: User) -> None:
    """Denied for those who may not decide which clusters there are."""
    if not policy.sees_all(by):
        raise policy.Denied(
            "You may not add or remove clusters. An administrator of this site can give you the right."
        )


def visible(user: User, pks: set[int]) -> set[int]:
    """Those of the checkups that the person may hear of: his own."""
    return set(Checkup.objects.filter(pk__in=pks, requested_by=user).values_list("pk", flat=True))


@transaction.atomic
def request_checkup(
    *,
    by: User,
    cluster: Cluster | None = None,
    before: Checkup | None = None,
    password: str = "",
    **typed: Any,
) -> Checkup:
    """The wish to have that tried; ValidationError, by field, where something does not fit.

    Without a password it is the one typed `before`, else the cluster's own, where the door is the same.
    """
    if cluster is None:
        require_adding(by)
    else:
        policy.require(by, "admin", cluster)
    checkup = Checkup(requested_by=by, cluster=cluster, **typed)
    if password:
        checkup.password = seal(password)
    elif before is not None:
        checkup.password = before.password
    if not checkup.sealed_password:
        raise ValidationError({"password": ASKED_AGAIN if cluster else "Type the password."})
    if cluster is None:
        checkup.slug = checkup.slug or slug_of(checkup.name)
        check(Cluster(**_connection(checkup), slug=checkup.slug, name=checkup.name))
    check_credentials(checkup)
    checkup.save(force_insert=True)
    transaction.on_commit(partial(tasks.ring_doctor, checkup.pk))
    return checkup


@transaction.atomic
def add_checked(checkup: Checkup, *, by: User) -> Cluster:
    """The cluster that was tried, added; without the right to write it is read-only."""
    require_adding(by)
    _require_passed(checkup)
    cluster = add_cluster(
        checkup.name,
        by=by,
        slug=checkup.slug,
        read_only=not checkup.found["may_write"],
        **{**_connection(checkup), "password": unseal(checkup.password)},
    )
    checkup.delete()
    return cluster


@transaction.atomic
def take_over(checkup: Checkup, *, by: User) -> Cluster:
    """The cluster, reached from now on in the way that was tried."""
    assert checkup.cluster is not None  # noqa: S101 - the others are added
    policy.require(by, "admin", checkup.cluster)
    _require_passed(checkup)
    cluster = Cluster.objects.select_for_update().get(pk=checkup.cluster.pk)
    checkup.cluster = cluster
    if not checkup.sealed_password:  # the door was changed meanwhile
        raise NotPassed(ASKED_AGAIN)
    before, has_new_password = _said(cluster), bool(checkup.password)
    for name, value in _connection(checkup).items():
        setattr(cluster, name, value)
    cluster.read_only = cluster.read_only or not checkup.found["may_write"]
    cluster.failures, cluster.trouble, cluster.last_error = 0, "", ""
    cluster.trouble_since = cluster.next_attempt_at = None
    check(cluster)
    cluster.save()
    after = _said(cluster) | ({"password": "changed"} if has_new_password else {})
    publish(f"cluster:{cluster.pk}")
    transaction.on_commit(partial(schedule.hurry, cluster.pk, *(loop.name for loop in schedule.LOOPS)))
    record("cluster.connected", cluster, by=by, acted_as=standing(by, cluster), before=before, after=after)
    checkup.delete()
    return cluster


def _connection(checkup: Checkup) -> dict[str, Any]:
    names = ("url", "username", "tls", "ca_pem", "fingerprint")
    return {name: getattr(checkup, name) for name in names} | {"password": checkup.sealed_password}


def _require_passed(checkup: Checkup) -> None:
    if not checkup.is_passed:
        raise NotPassed("Let it be checked first, to the end, and solve what stops it.")


def _said(cluster: Cluster) -> dict[str, Any]:
    url, _, fingerprint, _ = door_of(cluster)
    return {
        "url": url,
        "username": cluster.username,
        "verified_by": cluster.get_tls_display(),
        **({"fingerprint": fingerprint} if fingerprint else {}),
        "read_only": cluster.read_only,
    }
