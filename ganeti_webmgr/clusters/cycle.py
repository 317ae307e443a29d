"""One round of questions to one cluster. What goes wrong here touches no other cluster."""

from __future__ import annotations

import logging
import time

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import freshness, health, schedule
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.models import Loop as LoopRow
from ganeti_webmgr.clusters.secrets import Undecipherable

log = logging.getLogger(__name__)


def run(cluster: Cluster, *, everything: bool = False) -> None:
    """Runs the loops that are due (or all that cost the cluster nothing), and keeps how that went.

    A failed call erases nothing: what was known stays, with its age.
    """
    broken = set(LoopRow.objects.filter(cluster=cluster).values_list("name", flat=True))
    try:
        with connect(cluster) as client:
            due = schedule.due_loops(cluster)
            for loop in schedule.LOOPS:
                if loop not in due and (loop.is_a_job or not everything):
                    continue
                _turn(cluster, client, loop, was_broken=loop.name in broken)
    except (rapi.Unreachable, rapi.Refused, Undecipherable) as error:
        health.failed(cluster, error)
        log.info("%s: %s", cluster, error)
    else:
        health.recovered(cluster)


def _turn(cluster: Cluster, client: rapi.Client, loop: schedule.Loop, *, was_broken: bool) -> None:
    schedule.hold(cluster.pk)
    began = time.monotonic()
    try:
        loop.run(cluster, client)
    except (rapi.Unreachable, rapi.Unauthorized):
        raise  # of the whole cluster; the loop stays due
    except (rapi.Refused, rapi.Busy) as error:
        health.loop_failed(cluster, loop.name, str(error))
        log.warning("%s, %s: %s", cluster, loop.name, error)
    except Exception as error:
        # A mistake of ours: put off like any other turn, or it would be made once a second; and never silent.
        schedule.done(cluster, loop, took_s=time.monotonic() - began)
        health.loop_failed(cluster, loop.name, f"What it answered could not be used: {error!r}")
        raise
    else:
        freshness.answered(cluster, loop.name)
        if was_broken:
            health.loop_recovered(cluster, loop.name)
    schedule.done(cluster, loop, took_s=time.monotonic() - began)
