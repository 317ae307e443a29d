"""How much a project has on a cluster, how much it may have, and whether more fits.

Nothing is counted up and down: use is the sum over the machines as last seen, and over the reservations of
jobs that have not ended. So there is nothing that could drift from the truth.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, F, Q, Sum

from ganeti_webmgr.permissions.models import DefaultQuota, Limits, Project, Quota, Reservation
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.ui.wording import mib

if TYPE_CHECKING:
    from ganeti_webmgr.clusters.models import Cluster
    from ganeti_webmgr.vms.models import VirtualMachine

WORDS = {"memory_mib": "memory", "vcpus": "vCPUs", "disk_mib": "disk", "machines": "machines"}
# Machines whose memory and vCPUs count: all, but on clusters where only those that run do.
COUNTED = (
    Q(cluster__default_quota=None)
    | Q(cluster__default_quota__running_only=False)
    | Q(status="running")
    | Q(admin_state="up")
)
# The parts of a size, in their order.
OF_MACHINES = {
    "sum_memory": Sum("memory_mib", filter=COUNTED),
    "sum_vcpus": Sum("vcpus", filter=COUNTED),
    "sum_disk": Sum("disk_mib"),
    "count": Count("pk"),
}
OF_JOBS = {f"sum_{name}": Sum(name) for name in WORDS}
Keys = tuple[Any, ...]
PER_CLUSTER: Keys = (F("cluster"),)

WAY_OUT = "Ask for less, remove something, or ask an administrator of the cluster for a larger quota."


class OverQuota(Refusal):
    """The project would have more than it may; the text says of what and by how much."""

    status = 409
    title = "Over the quota"


@dataclass(frozen=True)
class Size:
    """What a machine, or a project, takes."""

    memory_mib: int = 0
    vcpus: int = 0
    disk_mib: int = 0
    machines: int = 0

    def __add__(self, more: Size) -> Size:
        return Size(*(getattr(self, part.name) + getattr(more, part.name) for part in fields(self)))

    def __bool__(self) -> bool:
        return any(asdict(self).values())


@dataclass(frozen=True)
class Gauge:
    """One line of a quota: what there is, and the most there may be (None: no limit)."""

    name: str
    used: int
    limit: int | None

    @property
    def label(self) -> str:
        return WORDS[self.name]

    @property
    def title(self) -> str:
        """The name as it begins a line: "Memory", "vCPUs"."""
        return self.label if self.name == "vcpus" else self.label.capitalize()

    @property
    def text(self) -> str:
        """ "36 GiB of 48 GiB", "3 of 5", "3" where there is no limit."""
        return self.words(self.used) + (f" of {self.words(self.limit)}" if self.limit is not None else "")

    @property
    def percent(self) -> int | None:
        """How full it is; None where there is no limit."""
        if self.limit is None:
            return None
        return min(100 * self.used // self.limit, 100) if self.limit else 100 * bool(self.used)

    @property
    def aria(self) -> str:
        return f"{self.label}: {self.text}"

    def words(self, number: int) -> str:
        """A number of it: "4 GiB", "12"."""
        return mib(number) if self.name.endswith("_mib") else str(number)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.used > self.limit


@dataclass(frozen=True)
class Change:
    """One line of a quota: before and after."""

    before: Gauge
    after: Gauge

    @property
    def text(self) -> str:
        return f"{self.before.words(self.before.used)} → {self.after.text}"

    @property
    def too_much(self) -> str:
        """By how much it is over, in words; empty where it is not."""
        if not self.after.is_over or self.after.limit is None:
            return ""
        return f"{self.after.words(self.after.used - self.after.limit)} too much"


def compared(before: Size, more: Size, limits: Limits | None) -> list[Change]:
    """What there is and what there will be, line by line, against the most there may be."""
    lines = zip(measured(before, limits), measured(before + more, limits), strict=True)
    return [Change(now, then) for now, then in lines]


def gauges(project: Project, cluster: Cluster, more: Size = Size()) -> list[Gauge]:
    """What the project has on the cluster, with `more` added, against what it may have."""
    return measured(usage(project, cluster) + more, limits_of(project, cluster))


def measured(used: Size, limits: Limits | None) -> list[Gauge]:
    """What is used against the most there may be."""
    return [Gauge(name, getattr(used, name), getattr(limits, name, None)) for name in WORDS]


def limits_of(project: Project, cluster: Cluster) -> Limits | None:
    """The project's own quota there, else the cluster's default; None: no limit at all."""
    own = project.pk and Quota.objects.filter(project=project, cluster=cluster).first()
    return own or DefaultQuota.objects.filter(cluster=cluster).first()


def usage(project: Project, cluster: Cluster) -> Size:
    """What the project's machines there take, and what jobs that have not ended will take."""
    if project.pk is None:  # yet to be made
        return Size()
    there = Q(cluster=cluster)
    used = taken(machines=there & Q(owner=project), jobs=there & Q(project=project))
    return used.get((cluster.pk,), Size())


def taken(*, machines: Q, jobs: Q, by: Keys = PER_CLUSTER, by_job: Keys = ()) -> dict[tuple[Any, ...], Size]:
    """What those machines take, and what is promised to those jobs, for each of the values of expressions.

    `by` are some on machines; `by_job` on reservations, and the same where they are not given. It asks the
    database twice, however much there is.
    """
    rows = apps.get_model("vms", "VirtualMachine")._default_manager.filter(machines, missing_since=None)
    still_open = apps.get_model("jobs", "Job")._default_manager.open()
    promised = Reservation.objects.filter(jobs, job__in=still_open)
    found: dict[tuple[Any, ...], Size] = {}
    for lines, keys, sums in ((rows, by, OF_MACHINES), (promised, by_job or by, OF_JOBS)):
        named = {f"key_{place}": key for place, key in enumerate(keys)}
        parts = lines.order_by().annotate(**named).values(*named)
        for line in parts.annotate(**sums).values_list(*named, *sums):
            key, numbers = line[: len(keys)], line[len(keys) :]
            found[key] = found.get(key, Size()) + Size(*(number or 0 for number in numbers))
    return found


def counts_running_only(cluster: Cluster) -> bool:
    """Whether memory and vCPUs of stopped machines do not count there; asks once for a row of a cluster."""
    limits: DefaultQuota | None = getattr(cluster, "default_quota", None)
    return bool(limits and limits.running_only)


def reserve(job: Any, project: Project, more: Size, *, may_go_over: bool = False) -> None:
    """Takes what the job will need, in the transaction of its intent; OverQuota where it does not fit."""
    if not more:
        return
    over = _excess(project, job.cluster, more, may_go_over=may_go_over)
    Reservation.objects.create(
        job=job, project=project, cluster=job.cluster, over_limit=bool(over), **asdict(more)
    )


def lack(project: Project, cluster: Cluster, more: Size) -> str:
    """What of that much more would not fit, in words to show; empty where all of it does."""
    over = [gauge for gauge in gauges(project, cluster, more) if gauge.is_over and getattr(more, gauge.name)]
    return f"{project} would have {told(over)} on {cluster}. {WAY_OUT}" if over else ""


def settle(job: Any) -> None:
    """Gives back what was taken for the job: what it was for is there, and counts by itself."""
    Reservation.objects.filter(job=job).delete()


def require_room(project: Project, cluster: Cluster, more: Size, *, may_go_over: bool = False) -> None:
    """OverQuota where that much more does not fit; holds the project's row until the transaction ends."""
    _excess(project, cluster, more, may_go_over=may_go_over)


def size_of(vm: VirtualMachine, *, running_only: bool | None = None) -> Size:
    """What the machine takes of the quota of whoever owns it.

    `running_only` spares a query where it is known whether stopped machines count less there.
    """
    less = counts_running_only(vm.cluster) if running_only is None else running_only
    counts = not less or vm.admin_state == "up" or vm.status == "running"
    return Size(vm.memory_mib if counts else 0, vm.vcpus if counts else 0, vm.disk_mib, 1)


def _excess(project: Project, cluster: Cluster, more: Size, *, may_go_over: bool) -> list[Gauge]:
    # Whoever asks holds the project's row: of twenty at once, each sees what those before it took.
    Project.objects.select_for_update().get(pk=project.pk)
    after = gauges(project, cluster, more)
    over = [gauge for gauge in after if gauge.is_over and getattr(more, gauge.name)]
    if over and not may_go_over:
        raise OverQuota(f"{project} would have {told(over)} on {cluster}. {WAY_OUT}")
    return over


def told(over: list[Gauge]) -> str:
    """What there would be too much of, in words."""
    return " and ".join(f"{gauge.text} {gauge.label}" for gauge in over)
