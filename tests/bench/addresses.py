"""The pages that are measured: each list in every order and narrowed, and a page of each kind of object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.table import CLUSTERS
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.table import JOBS
from ganeti_webmgr.networks.table import NETWORKS
from ganeti_webmgr.nodes.table import NODES
from ganeti_webmgr.people.table import GROUPS, PEOPLE
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.table import PROJECTS
from ganeti_webmgr.reconcile.kinds import KINDS
from ganeti_webmgr.ui.listing import PER_PAGE
from ganeti_webmgr.ui.tables import Table
from ganeti_webmgr.vms.images.table import IMAGES
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.saved.table import TEMPLATES
from ganeti_webmgr.vms.table import MACHINES


class Address(NamedTuple):
    """A page under the name that the table has for it."""

    name: str
    path: str


def of_admin() -> list[Address]:
    """What somebody who sees everything opens."""
    cluster = Cluster.objects.order_by("pk")[Cluster.objects.count() // 2]
    return [
        *_overview(),
        *_machines(cluster),
        *_clusters(cluster),
        *_nodes(cluster),
        *_networks(cluster),
        *_jobs(cluster),
        *_projects(cluster),
        *_reconcile(),
        *_people(),
        *_record(),
    ]


def of_member(member: User) -> list[Address]:
    """What a member of some projects opens, for whom rights are looked for row by row."""
    machine = VirtualMachine.objects.filter(owner__memberships__user=member).latest("pk")
    return [
        Address("member: my machines", reverse("dashboard:overview")),
        Address("member: search, q=web", f"{reverse('dashboard:search')}?q=web"),
        Address("member: machines", reverse("vms:index")),
        Address("member: machines, q=web", f"{reverse('vms:index')}?q=web"),
        Address("member: new machine", reverse("vms:new")),
        Address("member: machine", machine.get_absolute_url()),
        Address("member: jobs", reverse("jobs:index")),
        Address("member: projects", reverse("projects:index")),
    ]


def _overview() -> Iterator[Address]:
    yield _at("overview", "dashboard:overview")
    yield _at("search", "dashboard:search", q="web")
    yield _at("palette", "dashboard:palette", q="start web")


def _machines(cluster: Cluster) -> Iterator[Address]:
    machine = cluster.vms.filter(status="running").earliest("pk")
    node = cluster.nodes.earliest("pk").name
    project = Project.objects.get(vms=machine).slug
    yield from _list(MACHINES)
    yield _at("new machine", "vms:new", cluster=cluster.slug)
    yield from _list(IMAGES)
    yield _at("machines", "vms:index", page=_middle(VirtualMachine.objects.count()))
    yield _at("machines", "vms:index", q="web")
    yield _at("machines", "vms:index", q="nowhere")
    yield _at("machines", "vms:index", cluster=cluster.slug)
    yield _at("machines", "vms:index", node=node)
    yield _at("machines", "vms:index", project=project)
    yield _at("machines", "vms:index", tag="service:web")
    for status in ("running", "problem", "missing"):
        yield _at("machines", "vms:index", status=status)
    narrow = {"tag": "service:web", "cluster": cluster.slug, "node": node, "project": project}
    yield _at("machines", "vms:index", q="web", status="running", **narrow)
    yield Address("machine", machine.get_absolute_url())
    yield Address("machine, shut down", f"{machine.get_absolute_url()}-/shut-down/")


def _clusters(cluster: Cluster) -> Iterator[Address]:
    yield from _list(CLUSTERS)
    yield Address("cluster", cluster.get_absolute_url())
    yield Address("cluster, map", reverse("dashboard:map", args=[cluster.slug]))
    yield Address("cluster, access", reverse("clusters:access", args=[cluster.slug]))
    yield Address("cluster, quotas", reverse("clusters:quotas", args=[cluster.slug]))
    yield Address("cluster, administration", reverse("administration:home", args=[cluster.slug]))


def _nodes(cluster: Cluster) -> Iterator[Address]:
    yield from _list(NODES)
    yield _at("nodes", "nodes:index", q="node3")
    yield _at("nodes", "nodes:index", cluster=cluster.slug)
    yield _at("nodes", "nodes:index", role="M")
    yield Address("node", cluster.nodes.earliest("pk").get_absolute_url())
    yield Address("node group", cluster.nodegroups.earliest("pk").get_absolute_url())


def _networks(cluster: Cluster) -> Iterator[Address]:
    network = cluster.networks.latest("pk")
    yield from _list(NETWORKS)
    yield _at("networks", "networks:index", q="10.20.0.9")
    yield _at("networks", "networks:index", cluster=cluster.slug)
    yield Address("network", network.get_absolute_url())
    yield Address("network, reserve", f"{network.get_absolute_url()}-/reserve/")


def _jobs(cluster: Cluster) -> Iterator[Address]:
    latest = Job.objects.filter(cluster=cluster).latest("pk")
    yield from _list(JOBS)
    yield _at("jobs", "jobs:index", page=_middle(Job.objects.count()))
    yield _at("jobs", "jobs:index", q="web")
    yield Address("jobs, q=number", f"{reverse('jobs:index')}?q={latest.ganeti_id}")
    yield _at("jobs", "jobs:index", cluster=cluster.slug)
    for status in ("open", "done", "warned", "failed"):
        yield _at("jobs", "jobs:index", status=status)
    for by in ("me", "here", "elsewhere"):
        yield _at("jobs", "jobs:index", by=by)
    yield Address("job", latest.get_absolute_url())


def _projects(cluster: Cluster) -> Iterator[Address]:
    yield from _list(PROJECTS)
    yield Address("project", Project.objects.filter(vms__cluster=cluster).distinct().get().get_absolute_url())


def _reconcile() -> Iterator[Address]:
    for key, kind in KINDS.items():
        yield Address(f"reconcile, {kind.label.lower()}", reverse("reconcile:kind", args=[key]))
    yield Address("reconcile, renamed", reverse("reconcile:renamed"))


def _people() -> Iterator[Address]:
    yield from _list(PEOPLE)
    yield _at("people", "people:index", q="colleague")
    yield from _list(GROUPS)
    yield Address("person", reverse("people:detail", args=[User.objects.latest("pk").pk]))


def _record() -> Iterator[Address]:
    yield _at("record", "record:index")
    yield _at("record", "record:index", page=_middle(Event.objects.count()))
    yield _at("consoles", "consoles:index")
    yield from _list(TEMPLATES)


def _list(table: Table[Any, Any]) -> Iterator[Address]:
    yield _at(table.key, table.view)
    for sort in table.sorts:
        yield _at(table.key, table.view, sort=sort)
        yield _at(table.key, table.view, sort=f"-{sort}")


def _at(name: str, view: str, **query: object) -> Address:
    # In the table without what differs from one estate to the other.
    differs = {"cluster", "node", "page", "project"}
    said = [key if key in differs else f"{key}={value}" for key, value in query.items()]
    return Address(", ".join([name, *said]), f"{reverse(view)}?{urlencode(query)}")


def _middle(rows: int) -> int:
    """The number of the page in the middle of a list."""
    return max(rows // PER_PAGE // 2, 1)
