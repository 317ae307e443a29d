"""How long pages take, and how many questions they ask the database, in a small and in a large estate."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from django.http.response import HttpResponseBase
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.ui.heap import set_apart_what_stays
from ganeti_webmgr.ui.stack import on_one_piece
from ganeti_webmgr.vms.models import VirtualMachine
from tests.bench import estate
from tests.bench.addresses import of_admin, of_member
from tests.bench.figures import Times
from tests.bench.machine import described
from tests.bench.site import site
from tests.bench.statements import counted
from tests.bench.table import show

MOST_QUERIES = 12
BUDGET = Times(median=25, p95=60)
WARM_UP = 5
RUNS = 40

Opens = Callable[[str], HttpResponseBase]

HEAD = ("", "queries", "in large", "median ms", "in large", "ratio", "p95 ms", "CPU ms", "kB", "")


class Cost(NamedTuple):
    """What one page costs."""

    queries: int
    times: Times
    cpu_ms: float  # of this process: waiting for a core that others have does not show in it
    size: int


def run(*, rounds: int) -> bool:
    """Whether every page stays within its number of queries, whatever the size.

    Of several rounds, each page's quickest counts: the machine may have other things to do.
    """
    with site():
        print(f"\nPages, in process. {described()}.")
        admin = User.objects.create_superuser("alice")
        member = User.objects.create_user("bob")
        first = estate.first_cluster(admin=admin, member=member)
        print(f"Small: {_size()}.")
        small = _costs(admin, member, rounds=rounds)
        estate.multiply(first, admin=admin, member=member)
        estate.settle()
        print(f"Large: {_size()}.")
        large = _costs(admin, member, rounds=rounds)
    show((_row(name, small[name], large[name]) for name in small), head=HEAD)
    print(f"\nBudget: {MOST_QUERIES} queries, {BUDGET}, of {RUNS} runs; best of {rounds}. Over it: !")
    return all(cost.queries <= MOST_QUERIES for cost in (*small.values(), *large.values()))


def _costs(admin: User, member: User, *, rounds: int) -> dict[str, Cost]:
    costs: dict[str, Cost] = {}
    for person, pages in ((admin, of_admin()), (member, of_member(member))):
        opens = browser_of(person)
        for page in pages * rounds:
            cost = cost_of(opens, page.path)
            costs[page.name] = min(costs.get(page.name, cost), cost, key=lambda each: each.times.median)
    return costs


def browser_of(person: User) -> Opens:
    """The person's browser, in this process, which does as the web process does."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(person)
    set_apart_what_stays()
    return on_one_piece(browser.get)


def cost_of(opens: Opens, path: str) -> Cost:
    """What the page costs whoever opens it so."""
    with counted() as statements:
        answer = opens(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    for _ in range(WARM_UP):
        opens(path)
    took, used = [], []
    for _ in range(RUNS):
        began, cpu_began = time.perf_counter(), time.thread_time()
        opens(path)
        took.append((time.perf_counter() - began) * 1000)
        used.append((time.thread_time() - cpu_began) * 1000)
    return Cost(statements.total, Times.of(took), statistics.median(used), len(answer.getvalue()))


def _size() -> str:
    counts = {
        "clusters": Cluster.objects.count(),
        "nodes": Node.objects.count(),
        "machines": VirtualMachine.objects.count(),
        "jobs": Job.objects.count(),
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def _row(name: str, small: Cost, large: Cost) -> tuple[object, ...]:
    return (
        name,
        small.queries,
        large.queries,
        f"{small.times.median:.1f}",
        f"{large.times.median:.1f}",
        f"{large.times.median / small.times.median:.1f}",
        f"{large.times.p95:.1f}",
        f"{large.cpu_ms:.1f}",
        f"{large.size / 1000:.0f}",
        _over(small, large),
    )


def _over(small: Cost, large: Cost) -> str:
    limits = {
        "queries": max(small.queries, large.queries) > MOST_QUERIES,
        "median": large.times.median > BUDGET.median,
        "p95": large.times.p95 > BUDGET.p95,
    }
    return " ".join(f"!{what}" for what, is_over in limits.items() if is_over)
