"""What lists ask of the database: no more for many rows than for few, and of each row all that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db

LISTS = (
    "/",
    "/vms/",
    "/vms/?q=sim1",
    "/nodes/",
    "/nodes/?q=sim1",
    "/networks/",
    "/networks/?q=10.20.0.3",
    "/jobs/",
    "/jobs/?q=sim1",
    "/clusters/",
    "/projects/",
)


@pytest.fixture
def troubled(cluster: Cluster, stopped: VirtualMachine, running: VirtualMachine, alice: User) -> Cluster:
    """The cluster as its rows have most to say: silent, machines gone, jobs that failed and that warned."""
    group = cluster.nodegroups.get()
    Node.objects.bulk_create(
        Node(cluster=cluster, group=group, uuid=f"more-{number}", name=f"more{number}.sim1", role="R")
        for number in range(20)
    )
    ended: list[dict[str, Any]] = [
        {"status": "failed", "error": "no space"},
        {"status": "done", "warnings": ["slow"]},
    ]
    Job.objects.bulk_create(
        Job(cluster=cluster, vm=running, target_name=running.name, command="start", requested_by=alice, **end)
        for end in ended * 10
    )
    request_job(by=alice, command=Start(), on=stopped)
    cluster.vms.exclude(pk__in=[stopped.pk, running.pk]).update(missing_since=timezone.now())
    Cluster.objects.update(trouble="unreachable", trouble_since=timezone.now())
    return cluster


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_twelve_times_at_most(
    address: str,
    troubled: Cluster,
    by_alice: Client,
    by_charlie: Client,
    alice: User,
    charlie: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    grant(charlie, troubled, by=alice, role="viewer")
    for browser in (by_alice, by_charlie):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200
