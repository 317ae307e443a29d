"""What a project has on each cluster, and what of it is whose, for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
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
from django.db.models.functions import Coalesce, Concat

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions.models import (
    DefaultQuota,
    MachineUserGrant,
    Membership,
    Project,
    ProjectGroupGrant,
    Quota,
    in_force,
)
from ganeti_webmgr.permissions.quota import Gauge, Size, measured, taken

SEEING = ("view", "watch")  # who has no more than this on a machine does not use it


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


def by_cluster(project: Project) -> list[OnCluster]:
    """The clusters where the project has machines or a quota, by name."""
    rows = apps.get_model("clusters", "Cluster")._default_manager.filter(
        Q(vms__owner=project) | Q(quotas__project=project)
    )
    named = list(rows.only("pk", "slug", "name").distinct().order_by("name", "pk"))
    defaults = {quota.cluster_id: quota for quota in DefaultQuota.objects.filter(cluster__in=named)}
    limits = defaults | {quota.cluster_id: quota for quota in Quota.objects.filter(project=project)}
    used = taken(machines=Q(owner=project), jobs=Q(project=project))
    return [
        OnCluster(cluster, measured(used.get(cluster.pk, Size()), limits.get(cluster.pk)))
        for cluster in named
    ]


def of_projects(projects: Iterable[Project]) -> dict[int, list[OnCluster]]:
    """By the project's key, what each has on which cluster; with four questions, however many there are."""
    keys = [project.pk for project in projects]
    used = taken(
        machines=Q(owner__in=keys),
        jobs=Q(project__in=keys),
        by=Concat(F("owner"), Value(":"), F("cluster"), output_field=CharField()),
        by_job=Concat(F("project"), Value(":"), F("cluster"), output_field=CharField()),
    )
    quotas = {(quota.project_id, quota.cluster_id): quota for quota in Quota.objects.filter(project__in=keys)}
    sizes = {_keys(text): size for text, size in used.items()}
    places = sizes.keys() | quotas.keys()
    rows = apps.get_model("clusters", "Cluster")._default_manager.select_related("default_quota")
    clusters = rows.only("slug", "name", "default_quota").in_bulk({cluster for _, cluster in places})
    found: dict[int, list[OnCluster]] = {key: [] for key in keys}
    for project, pk in sorted(places, key=lambda place: (clusters[place[1]].name, place)):
        limits = quotas.get((project, pk), getattr(clusters[pk], "default_quota", None))
        size = sizes.get((project, pk), Size())
        found[project].append(OnCluster(clusters[pk], measured(size, limits)))
    return found


def _keys(text: str) -> tuple[int, int]:
    project, _, cluster = text.partition(":")
    return int(project), int(cluster)


def by_person(project: Project) -> list[Share]:
    """All that the project uses, by its people: the largest share first, and last what is nobody's.

    A machine is the project's. It counts here for the one who had it made, where that was asked for here by
    somebody who is in the project; else for the only one of its people who was given more than seeing it.
    What is promised to a job counts for who asked for it.
    """
    people = _people(project)
    asked = When(job__requested_by__in=people.values("pk"), then=F("job__requested_by"))
    shares = taken(
        machines=Q(owner=project),
        jobs=Q(project=project),
        by=Coalesce(_maker(people), _only_holder(people)),
        by_job=Case(asked, default=None),
    )
    known = User.objects.in_bulk([pk for pk in shares if pk])
    found = [Share(known.get(pk), size) for pk, size in shares.items() if size]
    return sorted(found, key=_largest_first)


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
