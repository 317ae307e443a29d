"""What the clusters have, what of it is used and given away, and who has more than he may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.status import state_of
from ganeti_webmgr.dashboard.estate import Estate
from ganeti_webmgr.dashboard.findings import Finding, over_quota
from ganeti_webmgr.dashboard.tally import Figures
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Limits, Project, Quota
from ganeti_webmgr.permissions.quota import Size, measured
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import mib, mib_of, share

SHOWN = 12
MOST_OVER = 5  # clusters are told of; each has all on its page of quotas


@dataclass(frozen=True)
class Line:
    """One cluster: its state, its nodes and its machines, added up."""

    cluster: Cluster
    state: State
    as_of: datetime | None
    nodes: Counter[str]
    machines: Counter[str]

    @property
    def fullness(self) -> int:
        """In percent, of what there is least left of."""
        return max(self.memory_used or 0, self.disk_used or 0)

    @property
    def memory_used(self) -> int | None:
        return share(self.nodes["memory"] - self.nodes["memory_free"], self.nodes["memory"])

    @property
    def memory_given(self) -> int | None:
        return share(self.machines["memory"], self.nodes["memory"])

    @property
    def memory_text(self) -> str:
        return mib_of(self.nodes["memory"] - self.nodes["memory_free"], self.nodes["memory"])

    @property
    def disk_used(self) -> int | None:
        return share(self.nodes["disk"] - self.nodes["disk_free"], self.nodes["disk"])

    @property
    def disk_text(self) -> str:
        return mib_of(self.nodes["disk"] - self.nodes["disk_free"], self.nodes["disk"])


def lines(
    estate: Estate, machines: Mapping[int, Counter[str]], nodes: Mapping[int, Counter[str]]
) -> list[Line]:
    """All clusters, those in trouble first and then the fullest."""
    found = [
        Line(
            cluster=cluster,
            state=state_of(cluster),
            as_of=estate.moments[pk],
            nodes=nodes.get(pk, Counter()),
            machines=machines.get(pk, Counter()),
        )
        for pk, cluster in estate.clusters.items()
    ]
    return sorted(found, key=lambda line: (not line.cluster.trouble, -line.fullness, line.cluster.name))


def sentences(found: list[Line]) -> list[str]:
    """The capacity of all the clusters in words."""
    nodes, machines = Counter[str](), Counter[str]()
    for line in found:
        nodes.update(line.nodes)
        machines.update(line.machines)
    told = []
    if nodes["memory"]:
        used = nodes["memory"] - nodes["memory_free"]
        told.append(
            f"{mib_of(used, nodes['memory'])} of memory are used; "
            f"{mib(machines['memory'])} are given to machines."
        )
    if nodes["disk"]:
        used = nodes["disk"] - nodes["disk_free"]
        told.append(f"{mib_of(used, nodes['disk'])} of disk are used.")
    fullest = max(found, key=lambda line: line.fullness, default=None)
    if len(found) > 1 and fullest and fullest.fullness:
        told.append(f"{fullest.cluster} is the fullest: {fullest.fullness} %.")
    return told


def over_quotas(user: User, estate: Estate, machines: Iterable[Figures]) -> list[Finding]:
    """The clusters that the person administers on which projects have more than they may."""
    ruled = _ruled(user, estate)
    own = {(quota.project_id, quota.cluster_id): quota for quota in Quota.objects.filter(cluster__in=ruled)}
    over: dict[int, list[int]] = {}
    for line in machines:
        pk, project = line["cluster_id"], line["owner_id"]
        if project is None or pk not in ruled:
            continue
        default = getattr(estate.clusters[pk], "default_quota", None)
        limits: Limits | None = own.get((project, pk), default)
        size = _size(line, powered=default is not None and default.running_only)
        if limits and any(gauge.is_over for gauge in measured(size, limits)):
            over.setdefault(pk, []).append(project)
    if not over:
        return []
    names = dict(
        Project.objects.filter(pk__in={pk for pks in over.values() for pk in pks}).values_list("pk", "name")
    )
    return [
        over_quota(estate.clusters[pk], sorted(names[project] for project in projects))
        for pk, projects in list(over.items())[:MOST_OVER]
    ]


def _ruled(user: User, estate: Estate) -> set[int]:
    if policy.sees_all(user):
        return set(estate.clusters)
    rows = policy.permitted(user, "admin", Cluster.objects.filter(pk__in=estate.clusters))
    return set(rows.values_list("pk", flat=True))


def _size(line: Figures, *, powered: bool) -> Size:
    kind = "powered_" if powered else ""
    return Size(
        memory_mib=int(line[f"{kind}memory"] or 0),
        vcpus=int(line[f"{kind}cores"] or 0),
        disk_mib=int(line["disk"] or 0),
        machines=line["machines"],
    )
