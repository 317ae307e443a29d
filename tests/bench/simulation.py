"""Many simulated clusters in a process of their own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.onboarding import add_cluster
from ganeti_webmgr.run.children import manage
from tests.processes import ENDS_WITH_US


@contextmanager
def simulated(*, clusters: int, nodes: int, machines: int) -> Iterator[list[Cluster]]:
    """Their rows, paused: nobody asks them yet."""
    shape = {"--clusters": clusters, "--nodes": nodes, "--machines": machines}
    options = [word for name, number in shape.items() for word in (name, str(number))]
    command = [*ENDS_WITH_US, *manage("simulate", *options, "--no-screens")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            assert simulator.stdout
            yield [_paused(simulator.stdout.readline()) for _ in range(clusters)]
        finally:
            simulator.terminate()


def _paused(line: str) -> Cluster:
    told = json.loads(line)
    cluster = add_cluster(
        told["slug"],
        by="the benchmark",
        url=told["url"],
        username=told["user"],
        password=told["password"],
        tls=Cluster.Tls.PINNED,
        fingerprint=told["fingerprint"],
    )
    cluster.paused = True
    cluster.save()
    return cluster
