"""An estate to test with: a simulated cluster, its row, and people.

Alice administers everything. Charlie has an account and was given nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.onboarding import add_cluster
from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.follow import follow
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from ganeti_webmgr.vms.finding import keep_texts
from ganeti_webmgr.vms.models import VirtualMachine
from tests.reading import Reading, fingerprint

HASTE = 500.0  # simulated seconds in a real one
BORN = time.time()  # the same for all tests of a process, whose simulated clusters are alike at first


@pytest.fixture
def ganeti() -> Iterator[SimulatedCluster]:
    """A Ganeti with two nodes and twelve machines that does in an instant what takes a real one a minute."""
    with simulator() as opened:
        yield opened.clusters[0]


def simulator() -> Simulator:
    """A simulator, not yet open, with a cluster that is like that of every other one."""
    return Simulator([Shape(name="sim1", nodes=2, machines=12)], speed=HASTE, now=BORN)


@pytest.fixture
def clean_cache(redis_url: str) -> None:
    """A cache that remembers nothing of the test before."""
    cache.clear()


def added(ganeti: SimulatedCluster) -> Cluster:
    """The row of a simulated cluster that was not asked yet."""
    return add_cluster(
        ganeti.slug,
        by="a test",
        url=ganeti.url,
        username=ganeti.user,
        password=ganeti.password,
        tls=Cluster.Tls.PINNED,
        fingerprint=ganeti.fingerprint,
    )


@pytest.fixture(scope="session")
def first_readings() -> dict[str, Reading]:
    """What this process has read, by what there was to read."""
    return {}


@pytest.fixture
def cluster(
    db: None, clean_cache: None, ganeti: SimulatedCluster, first_readings: dict[str, Reading]
) -> Cluster:
    """The row of the simulated cluster, with everything on it read once.

    What is read of clusters that are alike is read from the first of them, and known of the others.
    """
    row = added(ganeti)
    start = fingerprint(ganeti)
    if start in first_readings:
        first_readings[start].put_back(row, ganeti)
    else:
        read(row)
        first_readings[start] = Reading.of(row, ganeti)
    return row


def read(row: Cluster) -> None:
    """Reads everything on a cluster that was not asked yet."""
    cycle.run(row, everything=True)
    with connect(row) as client:
        follow(row, client)
    row.jobs.filter(operations__0__op="OP_OS_DIAGNOSE").delete()  # which the list of its systems took
    row.refresh_from_db()


@pytest.fixture
def stopped(cluster: Cluster) -> VirtualMachine:
    """A machine that was stopped as it should be."""
    return cluster.vms.filter(status="ADMIN_down").earliest("sort_name")


@pytest.fixture
def running(cluster: Cluster) -> VirtualMachine:
    """A machine that runs as it should."""
    return cluster.vms.filter(status="running").earliest("sort_name")


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_superuser("alice", password="alices-password")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie", password="charlies-password")


@pytest.fixture
def by_alice(alice: User) -> Client:
    """Alice's browser, signed in."""
    return signed_in(alice)


@pytest.fixture
def by_charlie(charlie: User) -> Client:
    """Charlie's browser, signed in."""
    return signed_in(charlie)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def work(ganeti: SimulatedCluster) -> Callable[[Cluster], None]:
    """Does what workers would: sends what was requested, lets Ganeti finish, and reads what came of it."""

    def done(cluster: Cluster) -> None:
        for job in Job.objects.filter(cluster=cluster, status=Status.REQUESTED):
            runner.send(job)
        ganeti.wait_for_jobs()
        cycle.run(Cluster.objects.get(pk=cluster.pk), everything=True)

    return done


def told(*vms: VirtualMachine, **values: object) -> None:
    """Keeps of the machines what Ganeti might have told of them."""
    rows = VirtualMachine.objects.filter(pk__in=[vm.pk for vm in vms])
    rows.update(**values)
    keep_texts(rows)
