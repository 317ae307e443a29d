"""No page waits for a cluster, whatever the cluster does."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.faults import Kind
from ganeti_webmgr.vms.commands import ShutDown
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

FAULTS: list[Kind] = ["refuse", "hang", "cut", "garbage", "401", "500", "slow", "empty"]


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address on a network that something tries to reach."""
    tried = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            tried.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return tried


@pytest.fixture
def pages(stopped: VirtualMachine, running: VirtualMachine, alice: User) -> list[str]:
    """Every kind of page there is; the last one is where a machine is started."""
    job = request_job(by=alice, command=ShutDown(), on=running)
    node = stopped.cluster.nodes.earliest("sort_name")
    return [
        *("/vms/", "/vms/?q=web&status=running", "/clusters/", "/nodes/", "/jobs/"),
        *(row.get_absolute_url() for row in (stopped, stopped.cluster, node, job)),
        f"{stopped.get_absolute_url()}-/start/",
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_page_and_no_click_asks_a_cluster_anything(
    fault: Kind, pages: list[str], ganeti: SimulatedCluster, by_alice: Client, no_way_out: list[Any]
) -> None:
    ganeti.fault(fault)
    before = len(ganeti.requests)
    assert {page: by_alice.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert by_alice.post(pages[-1], follow=True).status_code == 200
    assert Job.objects.filter(command="start").count() == 1
    assert (no_way_out, len(ganeti.requests)) == ([], before)
