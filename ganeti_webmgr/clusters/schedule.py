"""Which loop of which cluster is due. Kept in the cache: what is forgotten is due at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.cache import cache

from ganeti_webmgr import live, rapi
from ganeti_webmgr.clusters.models import Cluster

SLOW_S = 3  # an answer that takes longer doubles the pause
LEASE_S = 150  # more than the longest loop takes that still succeeds
KEPT_S = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Something that is asked of every cluster again and again."""

    name: str
    run: Callable[[Cluster, rapi.Client], None]
    every_s: float
    watched_s: float  # while a page that shows the cluster is open, or its jobs are
    is_a_job: bool = False  # costs the cluster a job, so that it is asked for in its turn only

    def pause_s(self, cluster: Cluster, took_s: float) -> float:
        hurried = live.watched(f"cluster:{cluster.pk}") or cache.get(_busy_key(cluster.pk))
        pause = self.watched_s if hurried else self.every_s
        return pause * 2 if took_s > SLOW_S else pause


LOOPS: list[Loop] = []
# Machines stand on nodes, and a job names both.
ORDER = ("cluster", "nodes", "machines", "jobs", "rules", "settings", "systems")


def register(loop: Loop) -> None:
    """Adds a loop to those that every cluster goes through, at its place in the order."""
    LOOPS.append(loop)
    LOOPS.sort(key=lambda known: ORDER.index(known.name))


def due(clusters: Iterable[int]) -> list[int]:
    """Those of which some loop is due and whose lease nobody held; the caller holds it now."""
    now = time.time()
    pks = list(clusters)
    times = cache.get_many([_due_key(pk, loop.name) for pk in pks for loop in LOOPS])
    ready = [pk for pk in pks if any(times.get(_due_key(pk, loop.name), 0) <= now for loop in LOOPS)]
    return [pk for pk in ready if cache.add(_lease_key(pk), 1, LEASE_S)]


def due_loops(cluster: Cluster) -> list[Loop]:
    """The loops of the cluster that are due now, in their order."""
    times = cache.get_many([_due_key(cluster.pk, loop.name) for loop in LOOPS])
    return [loop for loop in LOOPS if times.get(_due_key(cluster.pk, loop.name), 0) <= time.time()]


def done(cluster: Cluster, loop: Loop, *, took_s: float) -> None:
    """Puts the loop off until its next turn."""
    pause = loop.pause_s(cluster, took_s)
    cache.set(_due_key(cluster.pk, loop.name), time.time() + pause, KEPT_S)


def hurry(cluster_id: int, *names: str) -> None:
    """Makes the loops due at once."""
    cache.delete_many([_due_key(cluster_id, name) for name in names])


def busy(cluster_id: int, *, open_jobs: bool) -> None:
    """Quickens the loops of the cluster while jobs of it are open."""
    if open_jobs:
        cache.set(_busy_key(cluster_id), 1, LEASE_S)
    else:
        cache.delete(_busy_key(cluster_id))


def hold(cluster_id: int) -> None:
    """Keeps the lease for as long again: a slow cluster's round is longer than one lease.

    Only where there is one: a command that reads a cluster now holds none, and would give none back.
    """
    cache.touch(_lease_key(cluster_id), LEASE_S)


def release(*cluster_ids: int) -> None:
    """Gives the leases back."""
    cache.delete_many([_lease_key(pk) for pk in cluster_ids])


def _due_key(pk: int, name: str) -> str:
    return f"due:{pk}:{name}"


def _lease_key(pk: int) -> str:
    return f"lease:{pk}"


def _busy_key(pk: int) -> str:
    return f"busy:{pk}"
