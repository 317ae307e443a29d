"""What is found of machines, nodes, networks, clusters, projects, jobs and people, of what somebody may see.

Every word must be found. A thing that the person may not see is not asked for: it is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.clusters.status import state_of as state_of_cluster
from ganeti_webmgr.jobs import naming
from ganeti_webmgr.jobs.filters import about as about_job
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.status import state_of as state_of_job
from ganeti_webmgr.networks.filters import matching as matching_networks
from ganeti_webmgr.networks.status import state_of as state_of_network
from ganeti_webmgr.networks.table import present as present_networks
from ganeti_webmgr.nodes.filters import about as about_node
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.status import state_of as state_of_node
from ganeti_webmgr.people.filters import about as about_person
from ganeti_webmgr.people.status import state_of as state_of_person
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.finding import about as about_machine
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import state_of as state_of_machine

LONGEST = 200
MOST_WORDS = 8
SHOWN = 10
SHOWN_BRIEFLY = 5
# What no line shows: rows are sorted with all that is fetched of them.
LONG = ("details", "started_with", "notes", "address_lines", "tag_lines")
LONG_OF_JOB = ("log", "result", "params", "sealed", "error", "waits_for", "cancel_answer")
LONG_OF_CLUSTER = ("cluster__info", "cluster__password", "cluster__ca_pem", "cluster__last_error")

Matching = Callable[[QuerySet[Any], list[str], User], QuerySet[Any]]


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, where it is, and a word beside it."""

    url: str
    title: str
    beside: str
    state: State | None = None


@dataclass(frozen=True)
class Found:
    """What was found of one kind; `rest` is the address of the list of all, where there are more."""

    heading: str
    icon: str
    objects: list[Any]
    hits: list[Hit]
    rest: str


@dataclass(frozen=True)
class Kind:
    """Something that can be searched: how, in which order, and how it is shown."""

    heading: str
    icon: str
    view: str
    rows: Callable[[], QuerySet[Any]]
    matching: Matching
    order: tuple[str, ...]
    hit: Callable[[Any], Hit]
    begins: str = "name__istartswith"  # what a word in small letters must do to stand first
    is_long: bool = False  # so that only keys are sorted, and rows are fetched of those that are shown


def words_of(text: str) -> list[str]:
    """What is searched for; no more than anybody types."""
    return text.replace("\0", "")[:LONGEST].split()[:MOST_WORDS]


def search(user: User, text: str, *, most: int = SHOWN) -> list[Found]:
    """What the person may see and what has every word, kind by kind; kinds without any are left out."""
    words = words_of(text)
    return [found for kind in KINDS if words and (found := find(kind, user, words, most=most))]


def find(kind: Kind, user: User, words: list[str], *, most: int = SHOWN) -> Found | None:
    """What of the kind has every word; those whose name begins with the first stand first."""
    rows = kind.matching(visible(user, kind.rows()), words, user)
    first = When(**{kind.begins: words[0].lower()}, then=Value(0))
    rank = Case(first, default=Value(1), output_field=IntegerField())
    order: tuple[Any, ...] = (rank, *kind.order)
    found = rows.order_by(*order)
    if kind.is_long:
        found = kind.rows().filter(pk__in=found.values("pk")[: most + 1]).order_by(*order)
    objects = list(found[: most + 1])
    if not objects:
        return None
    rest = f"{reverse(kind.view)}?{urlencode({'q': ' '.join(words)})}" if len(objects) > most else ""
    shown = objects[:most]
    return Found(kind.heading, kind.icon, shown, [kind.hit(row) for row in shown], rest)


def visible(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows that the person may see; people are for administrators."""
    if rows.model is User:
        return rows if policy.sees_all(user) else rows.none()
    return policy.permitted(user, "view", rows)


def each(about: Callable[[str, User], Q]) -> Matching:
    """The rows that every word is about."""

    def matching(rows: QuerySet[Any], words: list[str], user: User) -> QuerySet[Any]:
        return rows.filter(*(about(word, user) for word in words))

    return matching


def _machine(vm: VirtualMachine) -> Hit:
    return Hit(vm.get_absolute_url(), vm.name, vm.cluster.name, state_of_machine(vm, None))


def _node(node: Node) -> Hit:
    return Hit(node.get_absolute_url(), node.name, node.cluster.name, state_of_node(node))


def _network(network: Network) -> Hit:
    beside = f"{network.cidr} on {network.cluster.name}"
    return Hit(network.get_absolute_url(), network.name, beside, state_of_network(network, None))


def _cluster(cluster: Cluster) -> Hit:
    return Hit(cluster.get_absolute_url(), cluster.name, cluster.version, state_of_cluster(cluster))


def _project(project: Project) -> Hit:
    return Hit(project.get_absolute_url(), project.name, project.slug)


def _job(job: Job) -> Hit:
    number = f"job {job.ganeti_id}" if job.ganeti_id else "job"
    return Hit(job.get_absolute_url(), naming.title(job), f"{number} on {job.cluster}", state_of_job(job))


def _person(person: User) -> Hit:
    url = reverse("people:detail", args=[person.pk])
    return Hit(url, person.username, person.get_full_name() or person.email, state_of_person(person))


def _named(word: str, user: User) -> Q:
    return Q(name__icontains=word) | Q(slug__icontains=word)


def _about_cluster(word: str, user: User) -> Q:
    return _named(word, user) | Q(master__icontains=word) | Q(uuid=word.lower())


MACHINES = Kind(
    heading="Virtual machines",
    icon="server-2",
    view="vms:index",
    rows=lambda: VirtualMachine.objects.select_related("cluster").defer(*LONG, *LONG_OF_CLUSTER),
    matching=each(about_machine),
    order=("sort_name", "pk"),
    hit=_machine,
    begins="name__startswith",  # Ganeti has names of machines in small letters alone
    is_long=True,
)
KINDS = (
    MACHINES,
    Kind(
        heading="Nodes",
        icon="cpu",
        view="nodes:index",
        rows=lambda: Node.objects.select_related("cluster").defer("details", *LONG_OF_CLUSTER),
        matching=each(lambda word, user: about_node(word)),
        order=("sort_name", "pk"),
        hit=_node,
    ),
    Kind(
        heading="Networks",
        icon="plug",
        view="networks:index",
        rows=lambda: present_networks().select_related("cluster").defer(*LONG_OF_CLUSTER),
        matching=lambda rows, words, user: matching_networks(rows, words),
        order=("sort_name", "pk"),
        hit=_network,
    ),
    Kind(
        heading="Clusters",
        icon="topology-star-3",
        view="clusters:index",
        rows=lambda: Cluster.objects.defer("info", "password", "ca_pem"),
        matching=each(_about_cluster),
        order=("name", "pk"),
        hit=_cluster,
    ),
    Kind(
        heading="Projects",
        icon="users-group",
        view="projects:index",
        rows=Project.objects.all,
        matching=each(_named),
        order=("name", "pk"),
        hit=_project,
    ),
    Kind(
        heading="Jobs",
        icon="list-check",
        view="jobs:index",
        rows=lambda: Job.objects.select_related("cluster").defer(*LONG_OF_JOB, *LONG_OF_CLUSTER),
        matching=each(lambda word, user: about_job(word)),
        order=("-created_at", "-pk"),
        hit=_job,
        begins="found_by__startswith",
        is_long=True,
    ),
    Kind(
        heading="People",
        icon="user",
        view="people:index",
        rows=User.objects.all,
        matching=each(lambda word, user: about_person(word)),
        order=("username", "pk"),
        hit=_person,
        begins="username__istartswith",
    ),
)
