"""What a project has on each cluster, and what of it is whose, for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions.models import (
    MachineUserGrant,
    Membership,
    Project,
    ProjectGroupGrant,
    Quota,
    in_force,
)
from ganeti_webmgr.permissions.quota import Gauge, Size, measured, taken

SEEING = ("view", "watch")  # who has no more than this on a machine does not use it
NOBODY = Value(None, output_field=BigIntegerField())


@dataclass(frozen=True)
class OnCluster:
    """One cluster on which the project has something, or may."""

    cluster: Any
    gauges: list[Gauge]


@dataclass(frozen=True)
class Share:
    """What of the project's use is somebody's; without a person, what is known to be nobody's."""

    person: User | None
    size: Size


@dataclass(frozen=True)
class Use:
    """What a project has; `shares` only where it was asked whose that is."""

    clusters: list[OnCluster]
    shares: list[Share]

    @property
    def whole(self) -> Size:
        return sum((share.size for share in self.shares), Size())


def use_of(project: Project, *, shared_out: bool = False) -> Use:
    """The project's use on each cluster where it has something or may, by name; and by its people.

    A machine is the project's. It counts for the one who had it made, where that was asked for here by
    somebody who is in the project; else for the only one of its people who was given more than seeing it.
    What is promised to a job counts for who asked for it.
    """
    used = taken(
        machines=Q(owner=project),
        jobs=Q(project=project),
        by=(F("cluster"), _user_of_machine(project) if shared_out else NOBODY),
        by_job=(F("cluster"), _user_of_job(project) if shared_out else NOBODY),
    )
    per_cluster: dict[Any, Size] = {}
    per_person: dict[Any, Size] = {}
    for (cluster, person), size in used.items():
        per_cluster[cluster] = per_cluster.get(cluster, Size()) + size
        per_person[person] = per_person.get(person, Size()) + size
    return Use(_on_clusters(project, per_cluster), _shares(per_person) if shared_out else [])


def of_projects(projects: Iterable[Project]) -> dict[int, list[OnCluster]]:
    """By the project's key, what each has on which cluster; with four questions, however many there are."""
    keys = [project.pk for project in projects]
    sizes = taken(
        machines=Q(owner__in=keys),
        jobs=Q(project__in=keys),
        by=(F("owner"), F("cluster")),
        by_job=(F("project"), F("cluster")),
    )
    quotas = {(quota.project_id, quota.cluster_id): quota for quota in Quota.objects.filter(project__in=keys)}
    places = sizes.keys() | quotas.keys()
    rows = apps.get_model("clusters", "Cluster")._default_manager.select_related("default_quota")
    clusters = rows.only("slug", "name", "default_quota").in_bulk({cluster for _, cluster in places})
    found: dict[int, list[OnCluster]] = {key: [] for key in keys}
    for project, pk in sorted(places, key=lambda place: (clusters[place[1]].name, place)):
        limits = quotas.get((project, pk), getattr(clusters[pk], "default_quota", None))
        size = sizes.get((project, pk), Size())
        found[project].append(OnCluster(clusters[pk], measured(size, limits)))
    return found


def _on_clusters(project: Project, used: dict[Any, Size]) -> list[OnCluster]:
    own = {quota.cluster_id: quota for quota in Quota.objects.filter(project=project)}
    machines = apps.get_model("vms", "VirtualMachine")._default_manager.filter(owner=project)
    clusters = apps.get_model("clusters", "Cluster")._default_manager.filter(
        Q(pk__in=machines.values("cluster")) | Q(pk__in=list(own))
    )
    named = clusters.select_related("default_quota").defer("info", "password", "ca_pem", "last_error")
    return [
        OnCluster(
            cluster,
            measured(
                used.get(cluster.pk, Size()), own.get(cluster.pk, getattr(cluster, "default_quota", None))
            ),
        )
        for cluster in named.order_by("name", "pk")
    ]


def _shares(used: dict[Any, Size]) -> list[Share]:
    """The largest first, and last what is nobody's."""
    people = User.objects.in_bulk([pk for pk in used if pk])
    found = [Share(people.get(pk), size) for pk, size in used.items() if size]
    return sorted(found, key=_largest_first)


def _user_of_machine(project: Project) -> Coalesce:
    people = _people(project)
    return Coalesce(_maker(people), _only_holder(people))


def _user_of_job(project: Project) -> Case:
    asked = When(job__requested_by__in=_people(project).values("pk"), then=F("job__requested_by"))
    return Case(asked, default=None)


def _people(project: Project) -> QuerySet[User]:
    """All who have a part in the project, themselves or by a group."""
    groups = ProjectGroupGrant._default_manager.filter(in_force(), content_object=project).values("group")
    by_group = User.groups.through._default_manager.filter(group__in=groups).values("user")
    own = Membership.objects.filter(project=project).values("user")
    return User.objects.filter(Q(pk__in=own) | Q(pk__in=by_group))


def _maker(people: QuerySet[User]) -> Subquery:
    """Of these people, the one who had the machine made here, as the record says."""
    made = Event.objects.filter(
        action="machine.made",
        target_kind="virtualmachine",
        target_id=OuterRef("pk"),
        actor_id__in=people.values("pk"),
    )
    latest = made.order_by("-at", "-pk").values("actor_id")[:1]
    return Subquery(latest, output_field=BigIntegerField())


def _only_holder(people: QuerySet[User]) -> Subquery:
    """The one of these people with a grant on the machine itself for more than seeing it; none of several."""
    given = MachineUserGrant._default_manager.filter(
        in_force(), content_object=OuterRef("pk"), user__in=people.values("pk")
    ).exclude(permission__codename__in=SEEING)
    counted = given.order_by().values("content_object").annotate(many=Count("user", distinct=True))
    only = counted.filter(many=1).annotate(one=Min("user")).values("one")
    return Subquery(only, output_field=BigIntegerField())


def _largest_first(share: Share) -> tuple[bool, int, int, str]:
    size = share.size
    return share.person is None, -size.memory_mib, -size.machines, str(share.person)
