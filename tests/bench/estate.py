"""A large estate: one simulated cluster, read as every cluster is, and others like it written directly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster, Mirrored, OperatingSystem, natural
from ganeti_webmgr.jobs.models import Job, Status, new_token
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member, create_project
from ganeti_webmgr.simulator import Shape, Simulator
from ganeti_webmgr.vms.finding import keep_texts
from tests.estate import added

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Mirrored)

CLUSTERS = 100
SYSTEMS = 200  # on each of them, beside those of the simulation
PEOPLE, GROUPS, EVENTS = 500, 50, 20_000
FIRST = Shape(name="sim1", nodes=5, machines=100, past_jobs=200)


def first_cluster(*, admin: User, member: User) -> Cluster:
    """The first cluster, its machines in a project, some of its jobs begun here, and a machine gone."""
    with Simulator([FIRST]) as simulator:
        cluster = added(simulator.clusters[0])
        cycle.run(cluster, everything=True)
    assert not cluster.trouble, cluster.last_error
    jobs = list(Job.objects.filter(cluster=cluster).exclude(vm=None).order_by("-created_at", "-pk"))
    for job in jobs[::10]:
        job.command, job.requested_by, job.origin = "start", admin, admin.username
    jobs[0].status, jobs[0].ganeti_status, jobs[0].ended_at = Status.RUNNING, "running", None
    Job.objects.bulk_update(
        jobs, ["command", "requested_by", "origin", "status", "ganeti_status", "ended_at"], batch_size=500
    )
    cluster.vms.update(owner=_project(cluster, admin=admin, members=[member]))
    OperatingSystem.objects.bulk_create(
        OperatingSystem(cluster=cluster, name=f"image+{number}", sort_name=f"image+{number:03}")
        for number in range(SYSTEMS)
    )
    gone = cluster.vms.latest("sort_name")
    gone.missing_since = gone.first_seen_at
    gone.save()
    return cluster


@transaction.atomic
def multiply(first: Cluster, *, admin: User, member: User) -> None:
    """Writes the other clusters, each with everything that the first one has, under names of its own.

    The member has a part in the projects of every tenth one. People, groups and events come along.
    """
    for number in range(2, CLUSTERS + 1):
        cluster = _another(first, f"sim{number}", age=timedelta(minutes=number))
        cluster.vms.update(owner=_project(cluster, admin=admin, members=[] if number % 10 else [member]))
    User.objects.bulk_create(User(username=f"colleague{number:03}") for number in range(PEOPLE))
    Group.objects.bulk_create(Group(name=f"crew{number:02}") for number in range(GROUPS))
    began = timezone.now() - timedelta(minutes=EVENTS)
    Event.objects.bulk_create(
        Event(
            at=began + timedelta(minutes=number),
            action="job.ended",
            actor_name=admin.username,
            digest=f"{number:064}",
        )
        for number in range(EVENTS)
    )


def settle() -> None:
    """What PostgreSQL does by itself a minute after such a change, and SQLite never."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _project(cluster: Cluster, *, admin: User, members: list[User]) -> Project:
    project = create_project(f"Team of {cluster}", by=admin)
    for member in members:
        add_member(project, member.username, by=admin)
    return project


def _another(first: Cluster, slug: str, *, age: timedelta) -> Cluster:
    cluster = _like(first, slug=slug, name=slug, url=f"https://{slug}.example.org:5080", uuid=str(uuid4()))
    cluster.save()
    groups = _mirrored(list(first.nodegroups.all()), cluster)
    _mirrored(list(first.networks.all()), cluster)
    OperatingSystem.objects.bulk_create(_like(system, cluster=cluster) for system in first.systems.all())
    nodes = _mirrored(list(first.nodes.all()), cluster, group_id=groups)
    vms = _mirrored(list(first.vms.all()), cluster, primary_node_id=nodes, secondary_node_id=nodes)
    keep_texts(cluster.vms.all())
    Job.objects.bulk_create(
        _like(
            job,
            cluster=cluster,
            token=new_token(),
            vm_id=vms.get(job.vm_id),
            node_id=nodes.get(job.node_id),
            target_name=_renamed(job.target_name, cluster),
            created_at=job.created_at - age,
        )
        for job in Job.objects.filter(cluster=first)
    )
    return cluster


def _mirrored(rows: list[R], cluster: Cluster, **relations: dict[int | None, int]) -> dict[int | None, int]:
    """Copies the rows to the cluster; by the primary keys of the rows, those of their copies."""
    copies = []
    for row in rows:
        name = _renamed(row.name, cluster)
        places = {field: known.get(getattr(row, field)) for field, known in relations.items()}
        copies.append(
            _like(row, cluster=cluster, uuid=str(uuid4()), name=name, sort_name=natural(name), **places)
        )
    written = type(rows[0])._default_manager.bulk_create(copies)
    return {row.pk: copy.pk for row, copy in zip(rows, written, strict=True)}


def _renamed(name: str, cluster: Cluster) -> str:
    return name.replace(f".{FIRST.name}.", f".{cluster.slug}.")


def _like(row: M, **changes: Any) -> M:
    """A row that is not yet saved, like that one but for its key and what is to change."""
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    kept = {field.attname: getattr(row, field.attname) for field in fields}
    for name in (row._meta.pk.attname, *changes, *(f"{name}_id" for name in changes)):
        kept.pop(name, None)
    return type(row)(**kept, **changes)
