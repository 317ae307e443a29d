"""Adding a cluster: what was typed becomes a row that can be asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.connect import connect, trust
from ganeti_webmgr.clusters.models import Checkup, Cluster, FormerSlug
from ganeti_webmgr.clusters.secrets import seal
from ganeti_webmgr.live import publish

DEFAULT_PORT = 5080
TYPED = {"slug", "name", "url", "username", "tls", "fingerprint", "ca_pem"}


@transaction.atomic
def add_cluster(
    name: str,
    *,
    by: User | str,
    url: str,
    username: str,
    password: str,
    tls: Cluster.Tls,
    fingerprint: str = "",
    ca_pem: str = "",
    slug: str = "",
    read_only: bool = False,
    paused: bool = False,
) -> Cluster:
    """The new cluster, not yet asked; ValidationError, by field, where something does not fit."""
    cluster = Cluster(
        slug=slug or slug_of(name),
        name=name,
        url=whole_url(url),
        username=username,
        password=seal(password) if password else "",
        tls=tls,
        fingerprint=fingerprint,
        ca_pem=ca_pem,
        read_only=read_only,
        paused=paused,
    )
    check(cluster)
    cluster.save(force_insert=True)
    FormerSlug.objects.filter(slug=cluster.slug).delete()  # its links lead to the new one from now on
    publish(f"cluster:{cluster.pk}")
    after = {"url": cluster.url, "username": username, "verified_by": cluster.get_tls_display()}
    if read_only:
        after["rights"] = "read-only"
    if paused:
        after["state"] = "paused"
    record("cluster.added", cluster, by=by, after=after)
    return cluster


def slug_of(name: str) -> str:
    """The short name made of a name; ValidationError where that has nothing to make one of."""
    slug = slugify(name.replace(".", "-"))
    if not slug:
        raise ValidationError({"name": f"“{name}” has no letter or digit to make an address of."})
    return slug


def check(cluster: Cluster) -> None:
    """ValidationError, by field, where something does not fit; nothing is sent."""
    cluster.full_clean(exclude={field.name for field in Cluster._meta.fields} - TYPED)
    check_credentials(cluster)


def check_credentials(cluster: Cluster | Checkup) -> None:
    """ValidationError where the client itself would refuse them; nothing is sent."""
    try:
        trust(cluster)
    except rapi.Invalid as error:
        field = "ca_pem" if cluster.tls == Cluster.Tls.OWN_CA else "fingerprint"
        raise ValidationError({field: f"{error}."}) from None
    try:
        connect(cluster).close()
    except rapi.Invalid as error:
        raise ValidationError({"username": f"{error}."}) from None


def whole_url(text: str) -> str:
    """The address with scheme and port; ValidationError where it is not one of a RAPI."""
    parts = urlsplit(text if "//" in text else f"//{text}", scheme="https")
    try:
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise ValidationError({"url": f"“{text}” is not an address: {error}."}) from None
    if parts.scheme != "https" or not host or parts.path.strip("/") or parts.query or parts.username:
        raise ValidationError(
            {"url": f"“{text}” is not an address of a RAPI. Write it as https://cluster.example.org:5080."}
        )
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
