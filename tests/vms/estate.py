"""What tests of operations have in common: asking through a page, and what then reached the cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from ganeti_webmgr.jobs import runner
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine


@dataclass(frozen=True)
class Sent:
    """A request for the cluster, without the reason that it carries."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any


def post(browser: Client, vm: VirtualMachine, verb: str, **typed: Any) -> Any:
    """The answer of the page on which it is confirmed."""
    return browser.post(f"{vm.get_absolute_url()}-/{verb}/", typed)


def asked(browser: Client, vm: VirtualMachine, verb: str, **typed: Any) -> Job:
    """The job that came of it."""
    answer = post(browser, vm, verb, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.filter(vm=vm).open().latest("pk")


def sent(ganeti: SimulatedCluster, job: Job) -> Sent:
    """What reaches the cluster once a worker has the job."""
    runner.send(job)
    job.refresh_from_db()
    assert job.ganeti_id, job.error
    request = next(found for found in reversed(ganeti.requests) if found.method != "GET")
    query = {name: value for name, value in request.query.items() if name != "reason"}
    return Sent(request.method, request.path, query, json.loads(request.body) if request.body else None)


def problems(answer: Any) -> dict[str, list[str]]:
    """What is told at each field of a form that came back."""
    assert answer.status_code == 422, answer.status_code
    return {name: list(told) for name, told in answer.context["form"].errors.items()}
