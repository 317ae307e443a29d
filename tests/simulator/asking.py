"""Clients of a simulated cluster, and waiting for what happens inside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ganeti_webmgr.rapi import Client, InstanceSpec, Job, Pinned, Timeouts
from ganeti_webmgr.simulator import SimulatedCluster

FOR_EVER_S = 10**6  # even where a simulated second is one of five hundred


def client_of(ganeti: SimulatedCluster, *, patience_s: float = 20) -> Client:
    """A client that gives up after that long."""
    return Client(
        ganeti.url,
        user=ganeti.user,
        password=ganeti.password,
        tls=Pinned(sha256=ganeti.fingerprint),
        timeouts=Timeouts(
            connect_s=patience_s,
            read_s=patience_s,
            live_s=patience_s,
            job_s=patience_s,
            wait_s=patience_s,
            write_s=patience_s,
            cancel_s=patience_s,
        ),
    )


def spec(ganeti: SimulatedCluster, name: str, *, install_s: float = 1, **more: object) -> InstanceSpec:
    """A small machine whose installation takes that long by the cluster's own clock."""
    wanted = {
        "instance_name": f"{name}.{ganeti.name}",
        "disk_template": "plain",
        "disks": ({"size_mib": 1024},),
        "os_type": "test+slow",
        "osparams": {"delay": str(round(install_s))},
        "start": False,
    }
    ganeti.config.operating_systems["test"] = ["slow"]
    return InstanceSpec.model_validate({**wanted, **more})


def wait_for(ganeti: SimulatedCluster, condition: Callable[[], bool]) -> None:
    """Returns as soon as that is true of the cluster."""
    with ganeti.lock:
        assert ganeti.news.wait_for(condition, timeout=20), ganeti.jobs


def ended(ganeti: SimulatedCluster, client: Client, job_id: int) -> Job:
    """The job once it has ended, as the cluster tells it."""
    wait_for(ganeti, lambda: ganeti.queue.jobs[job_id].is_final)
    return client.jobs.get(job_id)


@contextmanager
def held_back(client: Client) -> Iterator[None]:
    """Jobs that are submitted in here all begin at its end."""
    rule = client.filters.create(action="PAUSE")
    yield
    client.filters.delete(rule)


class Diary:
    """Every status that each job has been in, in their order, from now on."""

    def __init__(self, ganeti: SimulatedCluster) -> None:
        self._ganeti = ganeti
        self.statuses: dict[int, list[str]] = defaultdict(list)
        self.most_started = 0
        ganeti.observers.append(self._note)

    def _note(self) -> None:
        for job in self._ganeti.queue.jobs.values():
            if self.statuses[job.id][-1:] != [job.status]:
                self.statuses[job.id].append(job.status)
        self.most_started = max(self.most_started, len(self._ganeti.queue.started()))
