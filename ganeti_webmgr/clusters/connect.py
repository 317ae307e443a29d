"""A client for a cluster, from what its row says. Workers and commands only."""

from __future__ import annotations

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Checkup, Cluster
from ganeti_webmgr.clusters.secrets import unseal


def connect(cluster: Cluster | Checkup) -> rapi.Client:
    """A client for the cluster, to be used in a `with`; nothing is sent yet.

    Undecipherable where no key fits.
    """
    password = cluster.sealed_password
    return rapi.Client(
        cluster.url,
        user=cluster.username,
        password=unseal(password) if password else "",
        tls=trust(cluster),
        version=cluster.version or None,
    )


def trust(cluster: Cluster | Checkup) -> rapi.Tls:
    """How the cluster's certificate is to be verified."""
    match cluster.tls:
        case Cluster.Tls.OWN_CA:
            return rapi.OwnCA(pem=cluster.ca_pem)
        case Cluster.Tls.PINNED:
            return rapi.Pinned(sha256=cluster.fingerprint)
        case Cluster.Tls.UNVERIFIED:
            return rapi.Unverified()
        case _:
            return rapi.SystemCA()
