"""What would happen to each of many machines, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.bulk.models import Bulk, Part
from ganeti_webmgr.bulk.room import Room
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.jobs.services import cluster_obstacle
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.confirming import word_for
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.forms import FORMS
from ganeti_webmgr.vms.models import VirtualMachine

ACTS, LATER, OVER, IDLE, BUSY, LOCKED, DENIED, UNFIT, CLOSED, GONE = (
    "acts",
    "later",
    "over",
    "idle",
    "busy",
    "locked",
    "denied",
    "unfit",
    "closed",
    "gone",
)
GROUPS = {
    ACTS: State("busy", "send", "Will be asked for"),
    LATER: State("warn", "clock", "Will be asked for once the cluster answers"),
    OVER: State("bad", "alert-triangle", "Over the quota of their project"),
    IDLE: State("quiet", "check", "Already so"),
    BUSY: State("quiet", "loader-2", "Busy with another job"),
    LOCKED: State("lock", "lock", "Locked"),
    DENIED: State("quiet", "user-x", "Not allowed"),
    UNFIT: State("quiet", "ban", "Makes no sense for them"),
    CLOSED: State("warn", "eye", "Their cluster takes no changes"),
    GONE: State("warn", "help-circle", "Not on the cluster any more"),
}
ACTING = (ACTS, LATER)


@dataclass
class Group:
    """Machines of which the same becomes; `whys` are the reasons, each once."""

    key: str
    state: State
    acts: bool
    parts: list[Part] = field(default_factory=list)
    whys: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """The look at what would happen: each machine with its group and the reason.

    With `over_quota` those act too for which there is no room.
    """

    parts: list[tuple[Part, str, str]]
    over_quota: bool = False

    def acts(self, key: str) -> bool:
        """Whether it is done to the machines of that group."""
        return key in ACTING or (key == OVER and self.over_quota)

    @property
    def count(self) -> int:
        """To how many it is done."""
        return sum(self.acts(key) for _, key, _ in self.parts)

    @property
    def lacks_room(self) -> bool:
        """Whether there are machines for which there is no room."""
        return any(key == OVER for _, key, _ in self.parts)

    @property
    def seen(self) -> str:
        """A word for exactly the machines to which it is done: as they are, and with the wish to go over."""
        acting = [part.pk for part, key, _ in self.parts if key in ACTING]
        return word_for([acting, [part.pk for part, key, _ in self.parts if key == OVER]])

    @property
    def groups(self) -> list[Group]:
        """The machines by what would happen to each; groups without any are left out."""
        groups = {key: Group(key, state, self.acts(key)) for key, state in GROUPS.items()}
        for part, key, why in self.parts:
            groups[key].parts.append(part)
            if why:
                groups[key].whys[why] = groups[key].whys.get(why, 0) + 1
        return [group for group in groups.values() if group.parts]


def looked_at(bulk: Bulk, *, by: User, over_quota: bool = False) -> Review:
    """What would happen to each machine now; as many queries for a thousand as for one."""
    return Review(list(_sorted_out(bulk, by)), over_quota)


def _sorted_out(bulk: Bulk, by: User) -> Iterator[tuple[Part, str, str]]:
    command = FORMS[bulk.verb].command_class
    parts = list(bulk.parts.order_by("pk"))
    rows = VirtualMachine.objects.select_related("cluster__default_quota", "owner", "primary_node").defer(
        "details", "cluster__info", "primary_node__details"
    )
    vms = rows.in_bulk([part.vm_id for part in parts if part.vm_id])
    allowed = set(
        policy.permitted(by, command.permission, VirtualMachine.objects.filter(pk__in=vms)).values_list(
            "pk", flat=True
        )
    )
    jobs = open_jobs(vms.values())
    # What counts against a quota, counts with its parameters as they begin.
    counts = command() if command.demand is not MachineCommand.demand else None
    room = Room(vms.values()) if counts else None
    for part in parts:
        vm = vms.get(part.vm_id or 0)
        if vm is None or vm.missing_since:
            yield part, GONE, ""
        elif vm.pk not in allowed:
            yield part, DENIED, policy.missing(command.permission, vm, frozenset())
        else:
            key, why = _outcome(command, vm, jobs.get(vm.pk))
            if room and counts and key in ACTING and (lack := room.lack(vm, counts.demand(vm))):
                key, why = OVER, lack
            yield part, key, why


def _outcome(command: type[MachineCommand], vm: VirtualMachine, job: Job | None) -> tuple[str, str]:
    if why := cluster_obstacle(vm.cluster):
        return CLOSED, why
    if job:
        return BUSY, f"{job} is {busy_word(job).lower()} {vm}"
    if command.respects_lock and vm.lock_reason:
        return LOCKED, vm.lock_reason
    if why := command.idle(vm):
        return IDLE, why
    if why := command.unfit(vm):
        return UNFIT, why
    return (LATER, str(vm.cluster)) if vm.cluster.trouble else (ACTS, "")
