"""What lists ask of the database: no more for many rows than for few, and of each row all that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import request_job
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member, create_project
from ganeti_webmgr.vms.commands import Start
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in, told

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


@pytest.fixture
def web(troubled: Cluster, alice: User, charlie: User) -> Project:
    """A project of Charlie's, who administers the cluster besides."""
    project = create_project("Web", by=alice)
    add_member(project, charlie.username, by=alice)
    grant(charlie, troubled, by=alice, role="admin")
    return project


DETAILS: dict[str, Callable[[Cluster], str]] = {
    "machine": lambda cluster: cluster.vms.earliest("pk").get_absolute_url(),
    "node": lambda cluster: cluster.nodes.earliest("pk").get_absolute_url(),
    "node group": lambda cluster: cluster.nodegroups.get().get_absolute_url(),
    "network": lambda cluster: cluster.networks.earliest("pk").get_absolute_url(),
    "cluster": lambda cluster: cluster.get_absolute_url(),
    "map": lambda cluster: f"/clusters/{cluster.slug}/map/",
    "access": lambda cluster: f"/clusters/{cluster.slug}/-/access/",
    "quotas": lambda cluster: f"/clusters/{cluster.slug}/-/quotas/",
    "a machine's disks": lambda cluster: f"{cluster.vms.earliest('pk').get_absolute_url()}-/disks/",
    "a machine's settings": lambda cluster: f"{cluster.vms.earliest('pk').get_absolute_url()}-/settings/",
    "administration": lambda cluster: f"/clusters/{cluster.slug}/-/administration/",
    "job": lambda cluster: cluster.jobs.earliest("pk").get_absolute_url(),
    "project": lambda cluster: Project.objects.get(slug="web").get_absolute_url(),
}


@pytest.mark.parametrize("kind", DETAILS)
def test_a_page_of_one_object_asks_twelve_times_at_most_when_it_is_first_opened(
    kind: str,
    troubled: Cluster,
    web: Project,
    alice: User,
    charlie: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    troubled.vms.update(owner=web)
    address = DETAILS[kind](troubled)
    for person in (alice, charlie):
        cache.clear()
        browser = signed_in(person)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_a_list_narrowed_by_everything_asks_twelve_times_at_most_for_the_machine_that_it_finds(
    troubled: Cluster,
    web: Project,
    running: VirtualMachine,
    alice: User,
    charlie: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    told(running, tag_lines="\nservice:web\n", owner=web, needs_restart=True)
    assert running.primary_node is not None
    narrow = {
        "q": "sim1",
        "cluster": troubled.slug,
        "node": running.primary_node.name,
        "status": "running",
        "tag": "service:web",
        "project": "web",
        "restart": "waiting",
    }
    for person in (alice, charlie):
        cache.clear()
        browser = signed_in(person)
        with django_assert_max_num_queries(12):
            page = browser.get("/vms/", narrow)
        assert running.get_absolute_url() in page.content.decode()


def test_the_page_of_a_person_asks_as_often_whatever_he_is_part_of(
    cluster: Cluster,
    alice: User,
    charlie: User,
    by_alice: Client,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(3):
        project = create_project(f"Project {number}", by=alice)
        add_member(project, charlie.username, by=alice)
        group = Group.objects.create(name=f"crew{number}")
        charlie.groups.add(group)
        for holder in (charlie, group, project.group):
            grant(holder, cluster, by=alice, role="viewer")
            grant(holder, cluster.vms.earliest("pk"), by=alice, role="operator")
        grant(group, project, by=alice, role="member")
    with django_assert_max_num_queries(12):
        assert by_alice.get(f"/people/{charlie.pk}/").status_code == 200
