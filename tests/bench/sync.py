"""How long it takes to read a hundred clusters, and what they cost from then on, when nothing changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from ganeti_webmgr import rapi
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.celery import app
from ganeti_webmgr.clusters import cycle, schedule
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.vms.models import VirtualMachine
from tests.bench.machine import described
from tests.bench.process import Load, load_of
from tests.bench.simulation import simulated
from tests.bench.site import site
from tests.bench.statements import counted
from tests.bench.table import show
from tests.faults.browser import Browser
from tests.processes import Processes
from tests.waiting import until

CLUSTERS, NODES, MACHINES = 100, 5, 100
PATIENCE_S = 600
WATCHED_S = 60
PROCESSES = ("web", "worker", "beat", "redis")


class Cost(NamedTuple):
    """What was asked of all clusters cost, for each of them."""

    requests: float
    queries: float
    writes: int  # of all
    cpu_ms: float


def run() -> bool:
    """Whether nothing was written where nothing had changed."""
    with site() as processes, simulated(clusters=CLUSTERS, nodes=NODES, machines=MACHINES) as clusters:
        print(f"\nSynchronisation: {CLUSTERS} simulated clusters on the same cores. {described()}.")
        processes.start("web", "worker", "beat")
        until(lambda: app.control.ping(timeout=1), within_s=60)
        show(_first_reading(processes, clusters))
        print(f"\nMemory (PSS) after that and some pages; CPU over {WATCHED_S} s in which nothing changed:")
        show(_burden(processes), head=("", "MiB", "threads", "% of a core"))
        processes.kill("beat", "worker")
        whole = _cost(clusters, _everything)
        loops = {loop: _cost(clusters, _only(loop)) for loop in schedule.LOOPS}
    print("\nAn unchanged cluster, read in this process:")
    show(
        [
            ("a whole cycle", "", *_figures(whole)),
            *((f"  {loop.name} alone", f"{loop.every_s:g}", *_figures(cost)) for loop, cost in loops.items()),
        ],
        head=("", "every s", "requests", "queries", "writes", "CPU ms"),
    )
    share = sum(CLUSTERS * cost.cpu_ms / 1000 / loop.every_s for loop, cost in loops.items())
    print(f"\nEach in its turn, {CLUSTERS} clusters: {share:.0%} of a core. Writes must be 0.")
    return whole.writes == 0


def _first_reading(processes: Processes, clusters: list[Cluster]) -> list[tuple[str, str]]:
    worker = processes.running["worker"].pid
    before = load_of(worker)
    began = time.monotonic()
    Cluster.objects.update(paused=False)
    until(lambda: VirtualMachine.objects.count() == CLUSTERS * MACHINES, within_s=PATIENCE_S)
    machines_s = time.monotonic() - began
    until(lambda: not any(map(_is_unread, clusters)), within_s=PATIENCE_S)
    whole_s = time.monotonic() - began
    cpu_ms = (load_of(worker).cpu_s - before.cpu_s) * 1000
    rows = {model._meta.model_name: model._default_manager.count() for model in (Node, VirtualMachine, Job)}
    return [
        ("all machines are there after", f"{machines_s:.1f} s"),
        ("every loop has been through after", f"{whole_s:.1f} s"),
        ("CPU of the worker for each cluster", f"{cpu_ms / CLUSTERS:.0f} ms"),
        *((f"rows of {name}", f"{count:,}") for name, count in rows.items()),
        ("lines of complaint in the worker's log", str(len(processes.said("worker").splitlines()))),
    ]


def _is_unread(cluster: Cluster) -> bool:
    """Whether the last of the loops has never been through: once it has, it is not due for half an hour."""
    return schedule.LOOPS[-1] in schedule.due_loops(cluster)


def _burden(processes: Processes) -> Iterator[tuple[str, ...]]:
    browser = Browser(processes.address, User.objects.create_superuser("alice"))
    for path in ("/vms/", "/nodes/", "/jobs/", "/clusters/"):
        browser.opens(path)
    before = _loads(processes)
    time.sleep(WATCHED_S)
    for name, load in _loads(processes).items():
        cpu = (load.cpu_s - before[name].cpu_s) / WATCHED_S
        yield name, f"{load.pss_kib / 1024:.0f}", str(load.threads), f"{100 * cpu:.1f}"


def _loads(processes: Processes) -> dict[str, Load]:
    return {name: load_of(processes.running[name].pid) for name in PROCESSES}


def _everything(cluster: Cluster) -> None:
    cycle.run(cluster, everything=True)
    assert not cluster.trouble, cluster.last_error


def _only(loop: schedule.Loop) -> Callable[[Cluster], None]:
    def run_it(cluster: Cluster) -> None:
        with connect(cluster) as client:
            loop.run(cluster, client)

    return run_it


def _cost(clusters: Iterable[Cluster], ask: Callable[[Cluster], None]) -> Cost:
    fresh = list(Cluster.objects.filter(pk__in=[cluster.pk for cluster in clusters]))
    with counted() as statements, _counted_requests() as requests:
        began = time.thread_time()
        for cluster in fresh:
            ask(cluster)
        cpu_ms = (time.thread_time() - began) * 1000
    many = len(fresh)
    return Cost(len(requests) / many, statements.total / many, statements.writes, cpu_ms / many)


@contextmanager
def _counted_requests() -> Iterator[list[str]]:
    """The paths that clients fetch in the block."""
    fetched: list[str] = []
    fetch = rapi.Client.fetch

    def noted(client: rapi.Client, method: str, path: str, **options: object) -> bytes:
        fetched.append(path)
        return fetch(client, method, path, **options)  # type: ignore[arg-type]

    with patch.object(rapi.Client, "fetch", noted):
        yield fetched


def _figures(cost: Cost) -> tuple[str, ...]:
    return f"{cost.requests:.1f}", f"{cost.queries:.1f}", str(cost.writes), f"{cost.cpu_ms:.1f}"
