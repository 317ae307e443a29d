"""A cluster that a contract test speaks to: simulated or real, it must not matter."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from ganeti_webmgr.rapi import InstanceSpec

if TYPE_CHECKING:
    from ganeti_webmgr.rapi import Client, Instance, Job


@dataclass(frozen=True, kw_only=True)
class Ganeti:
    """`slow_s` is what a slow operating system must be told to take about fifteen seconds."""

    client: Client
    url: str
    user: str
    password: str
    reader: tuple[str, str]
    domain: str
    slow_s: int

    def name(self, number: int) -> str:
        """A name that the lab's resolver knows; the tests own 51 to 58."""
        return f"vm{number}.{self.domain}"

    def spec(self, number: int, **more: Any) -> InstanceSpec:
        """The cheapest machine there can be."""
        wanted = {
            "instance_name": self.name(number),
            "disk_template": "diskless",
            "hypervisor": "fake",
            "os_type": "noop",
            "start": False,
            "beparams": {"maxmem": 64, "minmem": 64, "vcpus": 1},
        }
        return InstanceSpec(**{**wanted, **more})

    def finished(self, job_id: int, *, timeout_s: float = 60) -> Job:
        """The job once it has ended."""
        deadline = time.monotonic() + timeout_s
        while not (job := self.client.jobs.get(job_id)).is_final:
            assert time.monotonic() < deadline, f"job {job_id} is still {job.status}"
            time.sleep(0.05)
        return job

    def done(self, job_id: int) -> Job:
        """The job, which must have succeeded."""
        job = self.finished(job_id)
        assert job.status == "success", job.error
        return job

    def failed(self, job_id: int) -> tuple[str, str | None]:
        """Class and code of the error of a job that must have failed."""
        job = self.finished(job_id)
        assert job.status == "error"
        assert job.error is not None
        return job.error.klass, job.error.code

    def get(self, name: str) -> Instance:
        return self.client.instances.get(name)

    def raw(self, method: str, path: str, **more: Any) -> requests.Response:
        """An exchange that the client would not let happen, or whose form is the point."""
        with requests.Session() as session:
            session.trust_env, session.verify = False, False
            more.setdefault("auth", (self.user, self.password))
            return session.request(method, self.url + path, timeout=30, **more)
